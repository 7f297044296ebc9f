package update

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"nectar/backend/fault"
)

// Program is the program that runs: what an update would replace.
type Program struct {
	Version string
	Key     ed25519.PublicKey // none: no update is trusted
	Kind    Kind
	// Home is the folder of the versions, with a Kind of Archive, and that of the
	// programs, with a Kind of Setup.
	Home string

	System, Architecture string
}

// Running answers the program that runs from the executable. The key is in
// base64, or "".
func Running(version, key, executable string) Program {
	p := Program{Version: version, System: runtime.GOOS, Architecture: runtime.GOARCH}
	p.Key, _ = ParseKey(key) // without one nothing is trusted
	if resolved, err := filepath.EvalSymlinks(executable); err == nil {
		executable = resolved
	}
	folder := filepath.Dir(executable)
	switch {
	case filepath.Base(filepath.Dir(folder)) == "versions" && isFile(filepath.Join(folder, "..", "..", starter)):
		p.Kind, p.Home = Archive, filepath.Dir(filepath.Dir(folder))
	case folder == "/usr/lib/nectar":
		p.Kind = Debian
	case p.System == "windows" && isFile(filepath.Join(folder, "uninstall.exe")):
		p.Kind, p.Home = Setup, folder
	}
	return p
}

// Offer is an update that can be installed here.
type Offer struct {
	Version string
	Notes   string
	File    File
	Folder  string // where its package lies
}

// folders of a drive in which an update is looked for.
var folders = []string{".", "Nectar", "nectar"}

// Look answers the newest update at the top of a drive or folder that is newer
// than the program, or nil. A list there that is not signed by the program's key
// is fault.UpdateUntrusted; one without a package for this system, or for the
// way in which the program was installed, is fault.UpdateElsewhere.
func (p Program) Look(ctx context.Context, root string) (*Offer, error) {
	var best *Offer
	var refused error
	for _, name := range folders {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		offer, err := p.in(filepath.Join(root, name))
		switch {
		case err != nil:
			refused = errors.Join(refused, err)
		case offer != nil && (best == nil || Newer(offer.Version, best.Version)):
			best = offer
		}
	}
	if best != nil {
		return best, nil
	}
	return nil, refused
}

func (p Program) in(folder string) (*Offer, error) {
	list, err := read(folder, p.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing there, and nothing wrong
	}
	if fault.CodeOf(err) == fault.UpdateUntrusted {
		return nil, err
	}
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", folder).Because(err)
	}
	if !Newer(list.Version, p.Version) {
		return nil, nil //nolint:nilnil // as above
	}
	i := slices.IndexFunc(list.Files, func(f File) bool {
		return f.Kind == p.Kind && f.System == p.System && f.Architecture == p.Architecture
	})
	if i < 0 || p.Kind == None || !sound(list.Files[i]) {
		return nil, fault.New(fault.UpdateElsewhere, "version", list.Version, "path", folder)
	}
	return &Offer{Version: list.Version, Notes: list.Notes, File: list.Files[i], Folder: folder}, nil
}

// sound reports whether a file of the list can be one: a plain name, of a size that
// a package has.
func sound(file File) bool {
	return file.Name != "" && file.Name == filepath.Base(file.Name) && filepath.IsLocal(file.Name) &&
		file.Bytes > 0 && file.Bytes <= packageLimit
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
