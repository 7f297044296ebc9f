// Package config says how this program was built.
package config

// Version is the version of the program, set when it is packaged.
var Version = "0.1.0-dev"
