package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
)

// reference answers a SOURCE as the services know it: a folder by its absolute
// path, anything else as it is.
func (f *face) reference(source string) (string, error) {
	lower := strings.ToLower(source)
	switch {
	case source == "":
		return "", f.usage("usage.no_source")
	case lower == "sample", lower == "studio":
		return lower, nil
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		return source, nil
	case server.IsAddress(source):
		// A folder of that name is what was meant, and only then.
		if path, err := f.path(source); err == nil && isFolder(path) {
			return path, nil
		}
		return source, nil
	}
	return f.path(source)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// path answers a path as an absolute one. A relative path begins where the
// command was called, which need not be where this process runs.
func (f *face) path(given string) (string, error) {
	if filepath.IsAbs(given) {
		return filepath.Clean(given), nil
	}
	dir, err := f.dir()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	return filepath.Join(dir, given), nil
}

// optionalReference is reference for a flag that need not be given.
func (f *face) optionalReference(source *string) (string, error) {
	if source == nil {
		return "", nil
	}
	return f.reference(*source)
}

// named is a channel that can be meant by its name.
type named struct {
	id   channel.ID
	name string
}

// findChannels answers the ids of CHANNELs: ids, or names that only one
// channel has at the source, or on this laptop when the source is "".
func (f *face) findChannels(ctx context.Context, s *Session, texts []string, source string) ([]channel.ID, error) {
	var known []named
	ids := make([]channel.ID, len(texts))
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			return nil, f.usage("usage.no_channel")
		}
		id, err := channel.ParseID(text)
		if err != nil {
			if known == nil {
				if known, err = channelNames(ctx, s, source); err != nil {
					return nil, err
				}
			}
			if id, err = byName(known, text, source); fault.CodeOf(err) == fault.ChannelMissing {
				id, err = byToken(ctx, s, text, source, err)
			}
			if err != nil {
				return nil, err
			}
		}
		ids[i] = id
	}
	return ids, nil
}

func channelNames(ctx context.Context, s *Session, source string) ([]named, error) {
	known := []named{}
	if source == "" {
		channels, err := s.Services.Library.Channels(ctx, s.Person)
		if err != nil {
			return nil, err
		}
		for _, c := range channels {
			known = append(known, named{c.ID, c.Name})
		}
		if len(known) == 0 {
			return known, s.Services.Library.Reachable()
		}
		return known, nil
	}
	_, offers, err := s.Services.Sources.Channels(ctx, s.Person, source)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		known = append(known, named{o.ID, o.Name})
	}
	return known, nil
}

// byToken finds the one channel of a token at a source that knows tokens; the
// answer is the error given where there is none.
func byToken(ctx context.Context, s *Session, token, source string, none error) (channel.ID, error) {
	offers, err := s.Services.Sources.Lookup(ctx, s.Person, source, token)
	switch {
	case fault.CodeOf(err) == fault.ChannelMissing:
		return "", none
	case err != nil:
		return "", err
	case len(offers) > 1:
		return "", fault.New(fault.Ambiguous, "what", "channel", "name", token)
	}
	return offers[0].ID, nil
}

// byName finds the one channel of that name. A name in the same capitals goes
// before one in others.
func byName(known []named, name, source string) (channel.ID, error) {
	name = strings.TrimSpace(name)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		var found []channel.ID
		for _, c := range known {
			if same(strings.TrimSpace(c.name), name) && name != "" {
				found = append(found, c.id)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return "", fault.New(fault.Ambiguous, "what", "channel", "name", name)
		}
	}
	values := []any{"channel", name}
	if near := nearChannel(known, name); near != "" {
		values = append(values, "near", near)
	}
	if source != "" {
		return "", fault.New(fault.ChannelMissing, append(values, "path", source)...)
	}
	return "", fault.New(fault.ChannelNotHere, values...)
}
