package disk

// DiscoverOn is Discover on the given mount points.
var DiscoverOn = discover
