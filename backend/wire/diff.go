package wire

import (
	"maps"
	"slices"

	"github.com/samber/lo"

	"nectar/backend/service"
)

// Diff counts what an update would bring.
type Diff struct {
	FromVersion int64 `json:"from_version"`
	ToVersion   int64 `json:"to_version"`
	New         int   `json:"new"`
	Updated     int   `json:"updated"`
	Deleted     int   `json:"deleted"`
	Changed     int   `json:"changed"` // titles, places and descriptions of others
	Bytes       int64 `json:"bytes"`   // that the update would copy
}

// DiffDetail is what an update would bring, by name.
type DiffDetail struct {
	Diff

	NewBytes         int64         `json:"new_bytes"` // of the new resources, which are imported on their own
	NewResources     []Named       `json:"new_resources"`
	UpdatedResources []Named       `json:"updated_resources"`
	DeletedResources []Named       `json:"deleted_resources"`
	ChangedResources []Named       `json:"changed_resources"`
	Notes            []VersionNote `json:"notes"`        // the latest version first
	UnusedFiles      int           `json:"unused_files"` // that nothing needs any more
	UnusedBytes      int64         `json:"unused_bytes"`
}

// Named is a topic or resource by its name.
type Named struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Kind  string `json:"kind"`
}

// VersionNote says what a version of a channel brings.
type VersionNote struct {
	Version int64  `json:"version"`
	Text    string `json:"text"`
}

// maxNamed bounds the resources of each kind that are named.
const maxNamed = 1000

// Diff makes the JSON of what an update would bring.
func (m *Maker) Diff(d service.Diff) Diff {
	return Diff{
		FromVersion: d.From.Version, ToVersion: d.To.Version, New: d.NewCount, Updated: d.UpdatedCount,
		Deleted: d.DeletedCount, Changed: d.ChangedCount, Bytes: d.Bytes(),
	}
}

// DiffDetail makes the JSON of what an update would bring, by name: the first
// 1,000 resources of each kind.
func (m *Maker) DiffDetail(d service.Diff) DiffDetail {
	detail := DiffDetail{
		Diff: m.Diff(d), NewBytes: d.NewBytes, Notes: []VersionNote{}, UnusedFiles: len(d.Unused), UnusedBytes: d.UnusedBytes,
		NewResources:     namedOf(service.NodesOf(d.After, d.Fresh)),
		UpdatedResources: namedOf(service.NodesOf(d.After, d.Updated)),
		DeletedResources: namedOf(service.NodesOf(d.Before, d.Deleted)),
		ChangedResources: namedOf(service.NodesOf(d.After, d.Changed)),
	}
	for _, version := range slices.Backward(slices.Sorted(maps.Keys(d.Notes))) {
		detail.Notes = append(detail.Notes, VersionNote{version, d.Notes[version]})
	}
	return detail
}

func namedOf(nodes []service.Node) []Named {
	return lo.Map(nodes[:min(len(nodes), maxNamed)], func(n service.Node, _ int) Named {
		return Named{ID: string(n.ID), Title: n.Title, Kind: string(n.Kind)}
	})
}
