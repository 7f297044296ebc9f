package transfer

import "nectar/backend/channel"

// Item is one file that is wanted.
type Item struct {
	channel.LocalFile

	// Title is that of a resource that needs the file, for people.
	Title string
}
