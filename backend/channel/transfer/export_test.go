package transfer

import "nectar/backend/atomicfile"

// Unnamed makes files without a name, so many at a time.
func Unnamed(most int64) (create func(folder string) *atomicfile.Unnamed, closeOne func(*atomicfile.Unnamed)) {
	u := &unnamed{most: most}
	return u.create, u.close
}
