package wire

import (
	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/library"
	"nectar/backend/service"
)

// Channel makes the JSON of a channel on this laptop.
func (m *Maker) Channel(c library.Channel) Channel {
	out := channelOf(c.Metadata)
	out.TotalResources, out.Size = c.Resources, c.Size
	out.AvailableResources, out.AvailableSize = c.AvailableResources, c.AvailableSize
	return out
}

// Channels makes the JSON of channels on this laptop, with where later versions
// of them were seen.
func (m *Maker) Channels(channels []library.Channel, newer map[channel.ID]library.Newer) []Channel {
	return lo.Map(channels, func(c library.Channel, _ int) Channel {
		out := m.Channel(c)
		if n, is := newer[c.ID]; is {
			out.NewerVersion, out.NewerAt, out.NewerName = &n.Version, n.At, n.Name
		}
		return out
	})
}

// Hits makes the JSON of what a search found.
func (m *Maker) Hits(hits []library.Hit, total int) Hits {
	out := Hits{Hits: make([]Hit, len(hits)), Total: total}
	for i := range hits {
		h := &hits[i]
		out.Hits[i] = Hit{
			ChannelID: string(h.Channel), ChannelName: h.ChannelName, NodeID: string(h.Node), Title: h.Title, Topic: h.Topic,
			Kind: string(h.Kind), Language: h.Language, Here: h.Here,
		}
	}
	return out
}

// Offer makes the JSON of a channel at a source.
func (m *Maker) Offer(o service.Offer, reference string) Channel {
	out := channelOf(o.Metadata)
	out.Source = reference
	out.TotalResources, out.Size = o.Resources, o.Size
	if o.Here != nil {
		out.AvailableResources, out.AvailableSize = o.Here.AvailableResources, o.Here.AvailableSize
		if o.Version > o.Here.Version {
			out.NewerVersion = &o.Version
		}
	}
	out.Fault = m.Error(o.Err)
	return out
}

func channelOf(c channel.Metadata) Channel {
	languages := c.Languages
	if languages == nil {
		languages = []string{}
	}
	return Channel{
		ID: string(c.ID), Name: c.Name, Version: c.Version, Language: c.Language, Languages: languages,
		Description: c.Description, Thumbnail: c.Thumbnail,
	}
}

// Node makes the JSON of a topic or resource. Children is never null.
func (m *Maker) Node(n service.Node) Node {
	out := Node{
		ID: string(n.ID), Title: n.Title, Kind: string(n.Kind), ContentID: n.ContentID,
		TotalResources: n.Resources, AvailableResources: n.AvailableResources,
		Size: n.Size, AvailableSize: n.AvailableSize, Children: []Node{},
	}
	for _, child := range n.Children {
		out.Children = append(out.Children, m.Node(child))
	}
	return out
}

// Source makes the JSON of a source.
func (m *Maker) Source(f service.Found) Source {
	return Source{
		ID: f.ID, Kind: string(f.Kind), Name: f.Name, Path: f.Path, URL: f.URL, Writable: f.Writable,
		FreeBytes: sizeOrNull(f.FreeBytes), TotalBytes: sizeOrNull(f.TotalBytes), Channels: f.Channels,
	}
}

// Preflight makes the JSON of what an import would do.
func (m *Maker) Preflight(a preflight.Answer) Preflight {
	return Preflight{
		Resources: a.Resources, Files: a.Files, Bytes: a.Bytes, PresentFiles: a.PresentFiles, PresentBytes: a.PresentBytes,
		MissingFiles: a.MissingFiles, MissingBytes: a.MissingBytes,
		Forbidden: lo.Map(a.Forbidden, func(f preflight.Forbidden, _ int) ForbiddenFile {
			return ForbiddenFile{Title: f.Title, File: f.Name(), Size: f.Size, Limit: f.Limit}
		}),
		CopiedBytes: a.Copied, NeededBytes: a.Needed, QueuedBytes: a.Disk.Queued, FreeBytes: max(a.Disk.Free, 0), Fits: a.Fits(),
	}
}

// Removal makes the JSON of what a deletion would do.
func (m *Maker) Removal(r library.Removal) Removal {
	return Removal{
		Whole: r.Whole, Resources: r.Resources, Files: len(r.Files), Bytes: r.Bytes,
		SharedFiles: r.SharedFiles, SharedBytes: r.SharedBytes,
	}
}

// Space makes the JSON of the place of the content and of the room there.
func (m *Maker) Space(s service.Space, place library.Place, own string) Space {
	return Space{
		Path: place.Path, OwnPath: own, Adopted: place.Adopted, ReadOnly: place.ReadOnly,
		FreeBytes: s.Free, TotalBytes: s.Total, ReserveBytes: s.Reserve,
	}
}

func sizeOrNull(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}
