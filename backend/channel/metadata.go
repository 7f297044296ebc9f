package channel

// Metadata is what a channel says of itself.
type Metadata struct {
	ID          ID
	Name        string
	Description string
	Version     int64
	Language    string   // code of the channel's main language, or ""
	Languages   []string // codes of all languages its resources have, most frequent first
	Thumbnail   string   // a data URI of a png, jpeg or gif picture, or ""
	RootID      NodeID
	Schema      int // generation of the database, by its shape: 1 to 6; 0 for those before 1
}

// Totals counts what a channel, or a topic in it, holds and what of that is
// on this laptop. Resources are those that can be shown (see
// Preset.Renderable) or that are here anyway, and so are the files behind the
// sizes; one that several resources share is counted once.
type Totals struct {
	Resources          int
	AvailableResources int
	Size               int64 // bytes
	AvailableSize      int64 // bytes
}

// DatabaseState is how a source says that its database of a channel is. As long as a
// source says the same, its database has the same bytes. The zero value says nothing.
type DatabaseState struct {
	Version int64  // of the channel, as the source lists it
	Tag     string // names the bytes
	Size    int64  // bytes
}
