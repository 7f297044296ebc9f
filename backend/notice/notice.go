// Package notice shows notifications by the desktop's own means, where Wails does
// not tell one that was clicked from one that was put away: on Linux.
package notice

import "errors"

// ErrElsewhere is answered by systems whose notifications Wails shows well.
var ErrElsewhere = errors.New("notifications are shown by Wails here")
