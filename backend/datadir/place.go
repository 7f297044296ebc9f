package datadir

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/adrg/xdg"
)

// EnvironmentVariable names the variable that overrides the default folder.
const EnvironmentVariable = "NECTAR_DATA"

// Default answers the platform's data folder of this user: below
// XDG_DATA_HOME, %LOCALAPPDATA% or ~/Library/Application Support. It makes
// nothing.
func Default() (string, error) {
	if !filepath.IsAbs(xdg.DataHome) {
		return "", errors.New("find the data folder: this user has no home folder")
	}
	return filepath.Join(xdg.DataHome, "nectar"), nil
}

// Resolve answers the folder to use as an absolute path: the one of the flag,
// else that of the environment, else the default. Empty means not given.
func Resolve(flag, env string) (string, error) {
	for _, given := range []string{flag, env} {
		if given == "" {
			continue
		}
		path, err := filepath.Abs(given)
		if err != nil {
			return "", fmt.Errorf("find the data folder: %w", err)
		}
		return path, nil
	}
	return Default()
}
