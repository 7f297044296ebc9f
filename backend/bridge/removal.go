package bridge

import (
	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/wire"
)

// RemovalRequest says what a person wants to delete. A null list of nodes means
// the whole channel.
type RemovalRequest struct {
	ChannelID   string   `json:"channel_id"`
	NodeIDs     []string `json:"node_ids"`
	ForceDelete bool     `json:"force_delete"` // copies in other channels and at other places too
}

// Removal answers what a deletion would remove, and changes nothing.
//
//api:permission signed in
//api:errors invalid_request, forbidden, node_missing, channel_not_here, list_unreadable, not_a_database, not_a_channel, database_empty, database_damaged, schema_too_new, schema_unknown, wrong_channel, unsafe_database, broken_tree
func (l *Library) Removal(request RemovalRequest) (wire.Removal, error) {
	return ask(l.bridge, func(c call) (wire.Removal, error) {
		id, _, err := parseIDs(request.ChannelID, "")
		if err != nil {
			return wire.Removal{}, err
		}
		chosen, err := parseNodes(request.NodeIDs)
		if err != nil {
			return wire.Removal{}, err
		}
		removal, err := c.services.Library.Removal(c.ctx, c.person, library.RemovalRequest{Channel: id, Nodes: chosen, Copies: request.ForceDelete})
		return c.maker.Removal(removal), err
	})
}

// Order gives the channels on this laptop these places, and answers all of
// them. Those that are not named come after, by name.
//
//api:permission may manage content
//api:errors invalid_request, forbidden, channel_not_here
func (l *Library) Order(channelIDs []string) ([]wire.Channel, error) {
	return ask(l.bridge, func(c call) ([]wire.Channel, error) {
		ids := make([]channel.ID, len(channelIDs))
		for i, text := range channelIDs {
			id, err := channel.ParseID(text)
			if err != nil {
				return nil, fault.Invalid(fault.At("channel_ids", fault.FieldFormat, "want", "id", "value", text))
			}
			ids[i] = id
		}
		channels, err := c.services.Library.Order(c.ctx, c.person, ids)
		return lo.Map(channels, func(ch library.Channel, _ int) wire.Channel { return c.maker.Channel(ch) }), err
	})
}
