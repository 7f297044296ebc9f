package channeltest

import (
	"slices"

	"nectar/backend/channel"
)

// The titles of nodes that the next version has.
const (
	RenamedAudio = "A song, sung twice"
	NewGame      = "Another game"
)

// Next answers the next version of the channel that New makes of the same
// options. In it
//   - the video has other files,
//   - the song has another title,
//   - the document is gone,
//   - the sums stand at another place, with the same files,
//   - there is a new game,
//   - everything else is as it was.
func Next(options ...Option) *Channel {
	c := New(options...)
	c.Version++
	seed := int64(len(c.ID)) + c.Version<<32 // another than those of tests
	other := New(Seed(seed))
	c.Node(Video).Files = other.Node(Video).Files
	c.Node(Audio).Title = RenamedAudio
	for _, n := range c.Nodes() {
		n.Children = slices.DeleteFunc(n.Children, func(child *Node) bool { return child.Title == Document })
	}
	c.Node(Exercise).ID = channel.NodeID(hexID("moved", c.ID))
	game := other.Node(App)
	game.Title, game.ID = NewGame, channel.NodeID(hexID("game", c.ID))
	practice := c.Node(Practice)
	practice.Children = append(practice.Children, game)
	return c
}
