//go:build !linux

package launcher

import "context"

// lacks answers nothing: on other systems the window program says itself what
// it lacks.
func lacks(context.Context, string) []string { return nil }
