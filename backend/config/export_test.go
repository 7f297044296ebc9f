package config

// VersionOf is version, for the tests.
var VersionOf = version
