package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

const (
	channelsPath = "/api/public/v1/channels"
	// maxChannels bounds a list of channels with their pictures, in bytes.
	maxChannels = 64 << 20
	// maxThumbnail bounds one picture, in bytes.
	maxThumbnail = 1 << 20
	// maxText bounds the words of a channel, in bytes.
	maxText = 4000
)

// offer is a channel as a server lists it.
type offer struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Language    string   `json:"language"`
	Languages   []string `json:"included_languages"`
	Version     int64    `json:"version"`
	Resources   int      `json:"total_resource_count"`
	Size        int64    `json:"published_size"`
	Thumbnail   string   `json:"icon_encoding"`
	// Notes is read apart, so that nonsense in it hides no channel.
	Notes json.RawMessage `json:"version_notes"`
}

// Channels implements source.Source. A server tells of its public channels;
// others are found by Lookup.
func (k *kolibri) Channels(ctx context.Context) ([]source.Listing, error) {
	return k.list(ctx, channelsPath)
}

// Lookup implements source.Finder.
func (k *kolibri) Lookup(ctx context.Context, token string) ([]source.Listing, error) {
	token = strings.TrimSpace(token)
	found, err := k.list(ctx, channelsPath+"/lookup/"+url.PathEscape(token))
	if err == nil && len(found) > 0 {
		return found, nil
	}
	if fault.CodeOf(err) == fault.ChannelMissing || err == nil {
		return nil, fault.New(fault.ChannelMissing, "channel", token, "path", k.base)
	}
	return nil, err
}

func (k *kolibri) list(ctx context.Context, path string) ([]source.Listing, error) {
	var offers []offer
	if _, err := k.client.ask(ctx, "GET", k.base+path, nil, nil, maxChannels, &offers); err != nil {
		var status *statusError
		if errors.As(err, &status) && status.absent() {
			return nil, fault.New(fault.ChannelMissing, "channel", "", "path", k.base).Because(err)
		}
		return nil, explain(ctx, err, fault.SourceGone, k.base)
	}
	listings := make([]source.Listing, 0, len(offers))
	for _, o := range offers {
		if id, err := channel.ParseID(o.ID); err == nil {
			listings = append(listings, o.listing(id))
		}
	}
	slices.SortFunc(listings, func(a, b source.Listing) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return listings, nil
}

// listing answers what of a stranger's words may be shown.
func (o offer) listing(id channel.ID) source.Listing {
	l := source.Listing{
		Metadata: channel.Metadata{
			ID: id, Name: cut(o.Name), Description: cut(o.Description), Version: o.Version,
			Language: cut(o.Language), Languages: o.Languages,
		},
		Resources: max(o.Resources, 0), Size: max(o.Size, 0), Notes: notesOf(o.Notes),
	}
	if isPicture(o.Thumbnail) {
		l.Thumbnail = o.Thumbnail
	}
	return l
}

// maxNotes bounds the versions of which notes are kept.
const maxNotes = 1000

// notesOf reads what a server says of each version.
func notesOf(text json.RawMessage) map[int64]string {
	var said map[string]string
	if json.Unmarshal(text, &said) != nil || len(said) > maxNotes {
		return nil
	}
	notes := map[int64]string{}
	for version, note := range said {
		if number, err := strconv.ParseInt(version, 10, 64); err == nil && note != "" {
			notes[number] = cut(note)
		}
	}
	return notes
}

func cut(text string) string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	return strings.ToValidUTF8(text, "")
}

// isPicture admits what cannot hold a program.
func isPicture(uri string) bool {
	if len(uri) > maxThumbnail {
		return false
	}
	for _, kind := range []string{"png", "jpeg", "gif"} {
		if strings.HasPrefix(uri, "data:image/"+kind+";base64,") {
			return true
		}
	}
	return false
}
