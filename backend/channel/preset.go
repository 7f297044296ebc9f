package channel

import "strings"

// Preset says what a file is for in its resource, such as "high_res_video".
// Channels may carry presets that we do not know; such files are kept but are
// not shown by any viewer.
type Preset string

// renderable lists the presets that a viewer of Kolibri 0.18 shows. Source:
// kolibri/plugins/*/kolibri_plugin.py.
var renderable = map[Preset]bool{
	"high_res_video":     true,
	"low_res_video":      true,
	"audio":              true,
	"document":           true,
	"epub":               true,
	"bloompub":           true,
	"exercise":           true,
	"html5_zip":          true,
	"imscp_zip":          true,
	"h5p":                true,
	"slideshow_manifest": true,
}

// Renderable reports whether a viewer shows files of this preset. A resource
// is worth importing when it owns at least one such file.
func (p Preset) Renderable() bool { return renderable[p] }

// RenderablePresets answers the names of all presets that a viewer shows, in
// no particular order.
func RenderablePresets() []Preset {
	presets := make([]Preset, 0, len(renderable))
	for p := range renderable {
		presets = append(presets, p)
	}
	return presets
}

// Thumbnail reports whether files of this preset are small pictures that stand
// for their node, such as "video_thumbnail".
func (p Preset) Thumbnail() bool { return strings.HasSuffix(string(p), "_thumbnail") }

// Kind is the kind of a node: a topic or a kind of resource.
type Kind string

// Topic is the kind of a node that holds others.
const Topic Kind = "topic"
