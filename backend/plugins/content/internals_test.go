package content

// Copying is Deps.copying.
var Copying = Deps.copying
