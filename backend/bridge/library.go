package bridge

import (
	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/service"
	"nectar/backend/wire"
)

// Library is what the window may see of this laptop's channels.
type Library struct{ bridge *Bridge }

// Channels answers the channels on this laptop.
//
//api:permission signed in
//api:errors forbidden
func (l *Library) Channels() ([]wire.Channel, error) {
	return ask(l.bridge, func(c call) ([]wire.Channel, error) {
		channels, err := c.services.Library.Channels(c.ctx, c.person)
		if err != nil {
			return nil, err
		}
		newer, err := c.services.Library.Newer(c.ctx, c.person, channels)
		return c.maker.Channels(channels, newer), err
	})
}

// Tree answers a node of a channel with its children. The node "" is the root;
// the source "" is this laptop.
//
//api:permission signed in
//api:errors invalid_request, forbidden, node_missing, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer, channel_missing, channel_not_here, not_a_database, not_a_channel, database_empty, database_damaged, schema_too_new, schema_unknown, wrong_channel, unsafe_database, broken_tree
func (l *Library) Tree(channelID, nodeID, source string) (wire.Node, error) {
	return ask(l.bridge, func(c call) (wire.Node, error) {
		id, node, err := parseIDs(channelID, nodeID)
		if err != nil {
			return wire.Node{}, err
		}
		found, err := c.services.Library.Tree(c.ctx, c.person, id, node, source, 1)
		return c.maker.Node(found), err
	})
}

// Thumbnails answers the pictures of nodes of a channel, at most 100 of them, as
// data URIs by the ids of the nodes. A node without one is left out. The source
// "" is this laptop.
//
//api:permission signed in
//api:errors invalid_request, too_large, forbidden, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer, channel_missing, channel_not_here, not_a_database, not_a_channel, database_empty, database_damaged, schema_too_new, schema_unknown, wrong_channel, unsafe_database, broken_tree
func (l *Library) Thumbnails(channelID string, nodeIDs []string, source string) (map[string]string, error) {
	return ask(l.bridge, func(c call) (map[string]string, error) {
		id, _, err := parseIDs(channelID, "")
		if err != nil {
			return nil, err
		}
		nodes, err := parseNodes(nodeIDs)
		if err != nil {
			return nil, err
		}
		pictures, err := c.services.Library.Thumbnails(c.ctx, c.person, id, nodes, source)
		return lo.MapKeys(pictures, func(_ string, node channel.NodeID) string { return string(node) }), err
	})
}

// SearchRequest says what is searched for. An empty field asks for nothing.
type SearchRequest struct {
	Text      string `json:"text"`       // words of the title
	Kind      string `json:"kind"`       // such as video or topic
	Language  string `json:"language"`   // code
	ChannelID string `json:"channel_id"` // to search in one channel
	Limit     int    `json:"limit"`      // of hits: 50 by default, 200 at most
}

// Search searches the titles of all channels on this laptop. Case, accents and
// vowel signs do not matter.
//
//api:permission signed in
//api:errors invalid_request, forbidden
func (l *Library) Search(request SearchRequest) (wire.Hits, error) {
	return ask(l.bridge, func(c call) (wire.Hits, error) {
		query := library.Query{Text: request.Text, Kind: channel.Kind(request.Kind), Language: request.Language, Limit: request.Limit}
		if request.ChannelID != "" {
			id, _, err := parseIDs(request.ChannelID, "")
			if err != nil {
				return wire.Hits{}, err
			}
			query.Channel = id
		}
		hits, total, err := c.services.Library.Search(c.ctx, c.person, query)
		return c.maker.Hits(hits, total), err
	})
}

// OpenResource shows a resource of this laptop: a page in the browser, anything
// else in the system's own program for such files.
//
//api:permission signed in
//api:errors invalid_request, forbidden, channel_not_here, node_missing, resource_not_here, no_viewer, no_program, file_is_link, no_read, no_write, disk_full
func (l *Library) OpenResource(channelID, nodeID string) error {
	_, err := ask(l.bridge, func(c call) (struct{}, error) {
		id, node, err := parseIDs(channelID, nodeID)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, c.services.Library.OpenResource(c.ctx, c.person, id, node)
	})
	return err
}

// Space answers how much room there is for content.
//
//api:permission signed in
//api:errors forbidden
func (l *Library) Space() (wire.Space, error) {
	return ask(l.bridge, func(c call) (wire.Space, error) {
		space, err := c.services.Library.Space(c.person)
		place, own := c.services.Library.Place()
		return c.maker.Space(space, place, own), err
	})
}

// Sources is what the window may see of the places that channels come from.
type Sources struct{ bridge *Bridge }

// PreflightRequest says which part of a channel is meant. A null list of nodes
// means the whole channel.
type PreflightRequest struct {
	ChannelID      string   `json:"channel_id"`
	Source         string   `json:"source"`
	NodeIDs        []string `json:"node_ids"`
	ExcludeNodeIDs []string `json:"exclude_node_ids"`
}

// List answers the sources at hand.
//
//api:permission signed in
//api:errors forbidden
func (s *Sources) List() ([]wire.Source, error) {
	return ask(s.bridge, func(c call) ([]wire.Source, error) {
		found, err := c.services.Sources.List(c.ctx, c.person)
		return lo.Map(found, func(f service.Found, _ int) wire.Source { return c.maker.Source(f) }), err
	})
}

// Open answers what is at a path or address that somebody gives: a drive or
// folder, a server with or without a port, "studio" or "sample".
//
//api:permission signed in
//api:errors forbidden, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer
func (s *Sources) Open(reference string) (wire.Source, error) {
	return ask(s.bridge, func(c call) (wire.Source, error) {
		found, err := c.services.Sources.Open(c.ctx, c.person, reference)
		return c.maker.Source(found), err
	})
}

// Lookup answers the channels of a token, such as Studio has, or of the id of
// a channel that the source does not list.
//
//api:permission signed in
//api:errors forbidden, channel_missing, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer
func (s *Sources) Lookup(source, token string) ([]wire.Channel, error) {
	return ask(s.bridge, func(c call) ([]wire.Channel, error) {
		offers, err := c.services.Sources.Lookup(c.ctx, c.person, source, token)
		return lo.Map(offers, func(o service.Offer, _ int) wire.Channel { return c.maker.Offer(o, source) }), err
	})
}

// Channels answers what a source offers.
//
//api:permission signed in
//api:errors forbidden, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer
func (s *Sources) Channels(source string) ([]wire.Channel, error) {
	return ask(s.bridge, func(c call) ([]wire.Channel, error) {
		_, offers, err := c.services.Sources.Channels(c.ctx, c.person, source)
		return lo.Map(offers, func(o service.Offer, _ int) wire.Channel { return c.maker.Offer(o, source) }), err
	})
}

// Preflight answers what an import would do, and changes nothing.
//
//api:permission signed in
//api:errors invalid_request, forbidden, node_missing, source_missing, source_gone, source_empty, not_kolibri, server_busy, server_untrusted, bad_answer, channel_missing, not_a_database, not_a_channel, database_empty, database_damaged, schema_too_new, schema_unknown, wrong_channel, unsafe_database, broken_tree
func (s *Sources) Preflight(request PreflightRequest) (wire.Preflight, error) {
	return ask(s.bridge, func(c call) (wire.Preflight, error) {
		id, options, err := parseChoice(request.ChannelID, request.NodeIDs, request.ExcludeNodeIDs)
		if err != nil {
			return wire.Preflight{}, err
		}
		p, err := c.services.Sources.Preflight(c.ctx, c.person, id, request.Source, options)
		return c.maker.Preflight(p), err
	})
}

// ExportRequest says which part of a channel is meant, and where it is to go.
// A null list of nodes means all that is on this laptop.
type ExportRequest struct {
	ChannelID      string   `json:"channel_id"`
	Path           string   `json:"path"`
	NodeIDs        []string `json:"node_ids"`
	ExcludeNodeIDs []string `json:"exclude_node_ids"`
}

// PreflightExport answers what an export would do, and changes nothing.
//
//api:permission signed in
//api:errors invalid_request, forbidden, node_missing, nothing_here, source_missing, channel_not_here, target_is_ours, target_newer, name_forbidden, no_write, no_read
func (s *Sources) PreflightExport(request ExportRequest) (wire.Preflight, error) {
	return ask(s.bridge, func(c call) (wire.Preflight, error) {
		id, options, err := parseChoice(request.ChannelID, request.NodeIDs, request.ExcludeNodeIDs)
		if err != nil {
			return wire.Preflight{}, err
		}
		a, err := c.services.Sources.PreflightExport(c.ctx, c.person, id, request.Path, options)
		return c.maker.Preflight(a), err
	})
}

// Eject lets a drive go, so that it can be pulled out.
//
//api:permission may manage content
//api:errors forbidden, drive_busy, no_eject
func (s *Sources) Eject(path string) error {
	_, err := ask(s.bridge, func(c call) (struct{}, error) {
		return struct{}{}, c.services.Sources.Eject(c.ctx, c.person, path)
	})
	return err
}

// Diff answers what an update of a channel from a source would bring, and
// changes nothing.
//
//api:permission signed in
//api:errors invalid_request, forbidden, older_version, source_missing, source_gone, source_empty, channel_missing, channel_not_here, not_a_database, not_a_channel, database_empty, database_damaged, schema_too_new, schema_unknown, wrong_channel, unsafe_database, broken_tree
func (s *Sources) Diff(channelID, source string) (wire.DiffDetail, error) {
	return ask(s.bridge, func(c call) (wire.DiffDetail, error) {
		id, _, err := parseIDs(channelID, "")
		if err != nil {
			return wire.DiffDetail{}, err
		}
		diff, err := c.services.Sources.Diff(c.ctx, c.person, id, source)
		if err != nil {
			return wire.DiffDetail{}, err
		}
		return c.maker.DiffDetail(diff), nil
	})
}

// parseChoice reads which part of a channel is meant.
func parseChoice(channelID string, include, exclude []string) (id channel.ID, options selection.Options, err error) {
	if id, _, err = parseIDs(channelID, ""); err != nil {
		return "", options, err
	}
	if options.Include, err = parseNodes(include); err != nil {
		return "", options, err
	}
	options.Exclude, err = parseNodes(exclude)
	return id, options, err
}

func parseIDs(channelID, nodeID string) (channel.ID, channel.NodeID, error) {
	id, err := channel.ParseID(channelID)
	if err != nil {
		return "", "", fault.Invalid(fault.At("channel_id", fault.FieldFormat, "want", "id", "value", channelID))
	}
	if nodeID == "" {
		return id, "", nil
	}
	node, err := channel.ParseNodeID(nodeID)
	if err != nil {
		return "", "", fault.Invalid(fault.At("node_id", fault.FieldFormat, "want", "id", "value", nodeID))
	}
	return id, node, nil
}

func parseNodes(ids []string) ([]channel.NodeID, error) {
	if ids == nil {
		return nil, nil
	}
	nodes := make([]channel.NodeID, len(ids))
	for i, id := range ids {
		node, err := channel.ParseNodeID(id)
		if err != nil {
			return nil, fault.Invalid(fault.At("node_ids", fault.FieldFormat, "want", "id", "value", id))
		}
		nodes[i] = node
	}
	return nodes, nil
}
