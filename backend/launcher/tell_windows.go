package launcher

import (
	"context"

	"golang.org/x/sys/windows"
)

// Tell shows a message to a person who has no terminal, until they have read
// it. It reports whether anything here could show one.
func Tell(_ context.Context, title, text string) bool {
	caption, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return false
	}
	message, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return false
	}
	_, err = windows.MessageBox(0, message, caption, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
	return err == nil
}
