// Package channel holds the vocabulary of Kolibri's content format: ids of
// channels, nodes and files, the kinds of resources, the presets of their
// files, and where each thing lies below a content folder.
//
// Everything that comes from a channel database is untrusted. The Parse
// functions are the only way from such text to a value of these types, and a
// value of these types is safe to use in a path.
//
// The format is described by Kolibri's source (kolibri/core/content) and by
// le-utils (presets, kinds, extensions).
package channel
