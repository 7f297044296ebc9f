package atomicfile

import (
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/fault"
)

// RefuseTarget looks whether a file that somebody asks for may be put at the
// path, and answers the field that is refused: the path must be absolute, in a
// folder that is there, and what lies there already must be a file of the same
// extension, such as ".csv". Nothing else is ever written over.
func RefuseTarget(field, path, extension string) []fault.Field {
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) {
		return []fault.Field{fault.At(field, fault.FieldFormat, "want", "file", "value", path)}
	}
	if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
		return []fault.Field{fault.At(field, fault.FieldFormat, "want", "file", "value", path)}
	}
	here, err := os.Lstat(path)
	if err == nil && (!here.Mode().IsRegular() || !strings.EqualFold(filepath.Ext(path), extension)) {
		return []fault.Field{fault.At(field, fault.FieldOccupied, "value", path)}
	}
	return nil
}
