//go:build !linux

package notice

// Desktop is the desktop as it shows notifications.
type Desktop struct{}

// Open answers ErrElsewhere.
func Open(string, func(place string)) (*Desktop, error) { return nil, ErrElsewhere }

// Show answers ErrElsewhere.
func (*Desktop) Show(_, _, _ string) error { return ErrElsewhere }

// Close has nothing to end.
func (*Desktop) Close() {}
