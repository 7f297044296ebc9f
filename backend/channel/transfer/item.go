package transfer

import "nectar/backend/channel"

// Item is one file that is wanted.
type Item = channel.TitledFile
