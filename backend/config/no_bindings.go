//go:build !bindings

package config

// Bindings reports whether this program was built only to describe its bound
// methods.
const Bindings = false
