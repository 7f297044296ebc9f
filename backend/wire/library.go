package wire

// Channel is a channel on this laptop or at a source.
type Channel struct {
	ID                 string   `json:"id"`
	Name               string   `json:"name"`
	Version            int64    `json:"version"`
	Language           string   `json:"language"`
	Languages          []string `json:"languages"`
	Description        string   `json:"description"`
	Thumbnail          string   `json:"thumbnail"` // data URI, or ""
	TotalResources     int      `json:"total_resources"`
	AvailableResources int      `json:"available_resources"`
	Size               int64    `json:"size"`
	AvailableSize      int64    `json:"available_size"`
	Source             string   `json:"source"` // where it was listed, or "" for this laptop
	NewerVersion       *int64   `json:"newer_version"`
	NewerAt            string   `json:"newer_at,omitempty"`   // of a channel on this laptop: the path or address where that version was seen
	NewerName          string   `json:"newer_name,omitempty"` // what people call that place
	Fault              *Error   `json:"fault,omitempty"`      // why this database at the source cannot be used
}

// Node is a topic or resource with what it holds.
type Node struct {
	ID                 string `json:"id"`
	Title              string `json:"title"`
	Kind               string `json:"kind"`
	ContentID          string `json:"content_id"`
	TotalResources     int    `json:"total_resources"`
	AvailableResources int    `json:"available_resources"`
	Size               int64  `json:"size"`
	AvailableSize      int64  `json:"available_size"`
	Children           []Node `json:"children"`
}

// Hits are what a search of the library found, the best first.
type Hits struct {
	Hits  []Hit `json:"hits"`
	Total int   `json:"total"` // how many there are in all
}

// Hit is a topic or resource that was found.
type Hit struct {
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	NodeID      string `json:"node_id"`
	Title       string `json:"title"`
	Topic       string `json:"topic"` // the title of the topic that it is in, or ""
	Kind        string `json:"kind"`
	Language    string `json:"language"` // code, or ""
	Here        bool   `json:"here"`     // a resource that can be opened on this laptop
}

// Source is a place that channels come from.
type Source struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"` // drive, folder, server, studio or sample
	Name       string `json:"name"`
	Path       string `json:"path,omitempty"`
	URL        string `json:"url,omitempty"`
	Writable   bool   `json:"writable"`
	FreeBytes  *int64 `json:"free_bytes"`
	TotalBytes *int64 `json:"total_bytes"`
	Channels   int    `json:"channels"`
}

// Preflight says what an import or export would do, before anything changes.
type Preflight struct {
	Resources    int   `json:"resources"`
	Files        int   `json:"files"`
	Bytes        int64 `json:"bytes"`         // of all files of the selection
	PresentFiles int   `json:"present_files"` // already here
	PresentBytes int64 `json:"present_bytes"`
	MissingFiles int   `json:"missing_files"` // neither there nor at the source
	MissingBytes int64 `json:"missing_bytes"`
	// Forbidden are files that the file system does not take; the first 100.
	Forbidden   []ForbiddenFile `json:"forbidden"`
	CopiedBytes int64           `json:"copied_bytes"` // of the files that are still to be copied
	NeededBytes int64           `json:"needed_bytes"` // the room that they take on the disk
	QueuedBytes int64           `json:"queued_bytes"` // that other jobs will still write there
	FreeBytes   int64           `json:"free_bytes"`   // that may be used, the reserve taken off
	Fits        bool            `json:"fits"`         // also with what others will write
}

// ForbiddenFile is a file that is too large for a file system.
type ForbiddenFile struct {
	Title string `json:"title"`
	File  string `json:"file"`
	Size  int64  `json:"size"`
	Limit int64  `json:"limit"`
}

// Space says where the content folder is and how much room it has.
type Space struct {
	Path         string `json:"path"`
	OwnPath      string `json:"own_path"`   // where it is when it was put nowhere else
	Adopted      bool   `json:"adopted"`    // it is the folder of a Kolibri, which can be left again for our own
	ReadOnly     bool   `json:"read_only"`  // nothing is written there
	FreeBytes    int64  `json:"free_bytes"` // that an import may use, the reserve taken off
	TotalBytes   int64  `json:"total_bytes"`
	ReserveBytes int64  `json:"reserve_bytes"`
}

// Removal says what a deletion would do, before anything changes.
type Removal struct {
	Whole       bool  `json:"whole"`        // the channel leaves the library
	Resources   int   `json:"resources"`    // that are here and go
	Files       int   `json:"files"`        // that go
	Bytes       int64 `json:"bytes"`        // that become free
	SharedFiles int   `json:"shared_files"` // that stay, because other resources need them
	SharedBytes int64 `json:"shared_bytes"`
}
