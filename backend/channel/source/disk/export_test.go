package disk

import "nectar/backend/drive"

// DiscoverOn is Discover on the given mount points.
var DiscoverOn = On(drive.Machine{}).discover
