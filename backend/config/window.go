//go:build desktop || dev || bindings

package config

// HasWindow reports whether this program was built with a window: with the
// tags that Wails needs.
const HasWindow = true
