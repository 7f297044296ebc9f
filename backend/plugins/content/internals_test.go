package content

import "nectar/backend/channel/source"

// Copying is Deps.copying.
var Copying = Deps.copying

// Own is our content folder as the source of exports.
func Own(content string) source.Source { return own{content} }
