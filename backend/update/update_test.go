package update_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/update"
)

// maker makes updates, with a key of its own.
type maker struct {
	t   *testing.T
	key ed25519.PrivateKey
}

func newMaker(t *testing.T) maker {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return maker{t, key}
}

// program answers version 1.0.0, as it was installed in a user's own folder.
func (m maker) program() update.Program {
	public, _ := m.key.Public().(ed25519.PublicKey)
	return update.Program{Version: "1.0.0", Key: public, Kind: update.Archive, Home: m.t.TempDir(), System: "linux", Architecture: "amd64"}
}

func (m maker) write(path string, bytes []byte) {
	m.t.Helper()
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// put writes an update with one package into a folder.
func (m maker) put(folder, version string, archive []byte) update.File {
	m.t.Helper()
	sum := sha256.Sum256(archive)
	file := update.File{
		Name: "nectar-" + version + "-linux-amd64.tar.gz", Kind: update.Archive, System: "linux", Architecture: "amd64",
		Bytes: int64(len(archive)), SHA256: hex.EncodeToString(sum[:]),
	}
	m.write(filepath.Join(folder, file.Name), archive)
	m.sign(folder, update.List{Version: version, Notes: "Faster\nPrettier", Files: []update.File{file}})
	return file
}

func (m maker) sign(folder string, list update.List) {
	m.t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(filepath.Join(folder, update.ListName), text)
	m.write(filepath.Join(folder, update.SignatureName), update.Sign(m.key, text))
}

func TestANewerVersionOnADriveIsOffered(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	for _, folder := range []string{".", "Nectar"} {
		drive := t.TempDir()
		if err := os.MkdirAll(filepath.Join(drive, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		m.put(filepath.Join(drive, folder), "1.2.0", []byte("package"))
		offer, err := m.program().Look(t.Context(), drive)
		if err != nil || offer == nil || offer.Version != "1.2.0" || offer.Notes != "Faster\nPrettier" {
			t.Errorf("in %s: %+v, %v", folder, offer, err)
		}
	}
}

func TestWhatIsNotNewerIsNotOffered(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	for _, version := range []string{"1.0.0", "0.9.0", "1.0.0-dev.5", "newest", ""} {
		drive := t.TempDir()
		m.put(drive, version, []byte("package"))
		if offer, err := m.program().Look(t.Context(), drive); offer != nil || err != nil {
			t.Errorf("%q: %+v, %v", version, offer, err)
		}
	}
	if offer, err := m.program().Look(t.Context(), t.TempDir()); offer != nil || err != nil {
		t.Errorf("an empty drive: %+v, %v", offer, err)
	}
}

func TestVersionsAreOrdered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version, than string
		want          bool
	}{
		{"1.2.0", "1.1.9", true},
		{"1.10.0", "1.9.0", true},
		{"1.2.0", "1.2.0-dev.40", true},
		{"1.2.0-dev.40", "1.2.0-dev.5", true},
		{"1.2.0", "1.2.0", false},
		{"1.2.0-dev.5", "1.2.0", false},
		{"1.2.0", "0.0.0-dev", true},
	} {
		if got := update.Newer(c.version, c.than); got != c.want {
			t.Errorf("%s after %s: %v", c.version, c.than, got)
		}
	}
}

func TestWhatIsNotSignedIsRefused(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	cases := map[string]func(drive string, p *update.Program){
		"by another key": func(drive string, _ *update.Program) { newMaker(t).put(drive, "1.2.0", []byte("package")) },
		"changed afterwards": func(drive string, _ *update.Program) {
			list := filepath.Join(drive, update.ListName)
			text, err := os.ReadFile(list)
			if err != nil {
				t.Fatal(err)
			}
			m.write(list, bytes.Replace(text, []byte("1.2.0"), []byte("1.3.0"), 1))
		},
		"without a signature": func(drive string, _ *update.Program) {
			if err := os.Remove(filepath.Join(drive, update.SignatureName)); err != nil {
				t.Fatal(err)
			}
		},
		"with something for a signature": func(drive string, _ *update.Program) {
			m.write(filepath.Join(drive, update.SignatureName), []byte("yes"))
		},
		"by a program without a key": func(_ string, p *update.Program) { p.Key = nil },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drive, p := t.TempDir(), m.program()
			m.put(drive, "1.2.0", []byte("package"))
			spoil(drive, &p)
			if offer, err := p.Look(t.Context(), drive); offer != nil || fault.CodeOf(err) != fault.UpdateUntrusted {
				t.Errorf("%+v, %v", offer, err)
			}
		})
	}
}

func TestAPackageThatDoesNotFitIsSaid(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	for name, change := range map[string]func(*update.Program, *update.File){
		"for another system":        func(p *update.Program, _ *update.File) { p.System = "windows" },
		"installed in another way":  func(p *update.Program, _ *update.File) { p.Kind = update.Debian },
		"built by hand":             func(p *update.Program, f *update.File) { p.Kind, f.Kind = update.None, update.None },
		"with a name that leads up": func(_ *update.Program, f *update.File) { f.Name = "../nectar" },
		"larger than any":           func(_ *update.Program, f *update.File) { f.Bytes = 1 << 40 },
	} {
		drive, p := t.TempDir(), m.program()
		file := m.put(drive, "1.2.0", []byte("package"))
		change(&p, &file)
		m.sign(drive, update.List{Version: "1.2.0", Files: []update.File{file}})
		if offer, err := p.Look(t.Context(), drive); offer != nil || fault.CodeOf(err) != fault.UpdateElsewhere {
			t.Errorf("%s: %+v, %v", name, offer, err)
		}
	}
}

func TestAPackageIsWhatWasSigned(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	drive, folder := t.TempDir(), filepath.Join(t.TempDir(), "updates")
	file := m.put(drive, "1.2.0", []byte("package"))
	offer, err := m.program().Look(t.Context(), drive)
	if err != nil {
		t.Fatal(err)
	}
	path, err := m.program().Fetch(t.Context(), *offer, folder)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "package" {
		t.Errorf("fetched: %q, %v", got, err)
	}
	for _, spoiled := range []string{"Package", "package and more", "pack"} {
		m.write(filepath.Join(drive, file.Name), []byte(spoiled))
		if _, err := m.program().Fetch(t.Context(), *offer, folder); fault.CodeOf(err) != fault.UpdateDamaged {
			t.Errorf("%q: %v", spoiled, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%q stays", spoiled)
		}
	}
}

// archive makes the archive of a package.
func archive(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var made bytes.Buffer
	zipped := gzip.NewWriter(&made)
	to := tar.NewWriter(zipped)
	for _, entry := range entries {
		text := []byte(entry.PAXRecords["NECTAR.text"])
		entry.PAXRecords = nil
		entry.Size = int64(len(text))
		if err := to.WriteHeader(&entry); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return made.Bytes()
}

func plainFile(name, text string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o755, PAXRecords: map[string]string{"NECTAR.text": text}}
}

func TestAnArchiveWritesNowhereElse(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	for name, entries := range map[string][]tar.Header{
		"above":   {plainFile("../../above", "x")},
		"a link":  {{Name: "top/link", Typeflag: tar.TypeSymlink, Linkname: "/etc"}},
		"nothing": {},
	} {
		path := filepath.Join(t.TempDir(), "updates", "a.tar.gz")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		m.write(path, archive(t, entries...))
		if err := m.program().Install(t.Context(), path, update.Trial{Version: "1.2.0"}); err == nil {
			t.Errorf("%s was unpacked", name)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
			t.Errorf("%s leaves %v, %v", name, left, err)
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(filepath.Dir(path)), "above")); err == nil {
			t.Errorf("%s: a file lies outside", name)
		}
	}
}
