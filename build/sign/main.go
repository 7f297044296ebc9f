// Command sign makes the packages of a folder an update that laptops without
// the Internet find on a drive: it writes the list of the packages and signs it.
//
//	go run ./build/sign -new key.txt                      makes a key and prints its public part
//	go run ./build/sign -key key.txt -public              prints the public part
//	go run ./build/sign -key key.txt -version 1.2.3 DIR   writes the list into DIR
//
// What is new is read from CHANGELOG.md.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"nectar/backend/update"
)

func main() {
	fresh := flag.String("new", "", "make a key in this file")
	from := flag.String("key", "", "the file with the key")
	public := flag.Bool("public", false, "print the public part of the key")
	version := flag.String("version", "", "the version of the packages")
	changes := flag.String("changes", "CHANGELOG.md", "the file with what is new")
	flag.Parse()
	if err := run(*fresh, *from, *public, *version, *changes, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(fresh, from string, public bool, version, changes, folder string) error {
	if fresh != "" {
		return makeKey(fresh)
	}
	key, err := readKey(from)
	if err != nil {
		return err
	}
	if public {
		return printPublic(key)
	}
	if version == "" || folder == "" {
		return errors.New("-version and the folder of the packages are needed")
	}
	return sign(key, version, changes, folder)
}

// makeKey writes a new key to a file that is not there yet.
func makeKey(path string) error {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, base64.StdEncoding.EncodeToString(key.Seed()))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return printPublic(key)
}

func readKey(path string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func printPublic(key ed25519.PrivateKey) error {
	public, _ := key.Public().(ed25519.PublicKey)
	_, err := fmt.Println(base64.StdEncoding.EncodeToString(public))
	return err
}

// endings tell packages by their names.
var endings = []struct {
	ending string
	kind   update.Kind
	system string
}{
	{".tar.gz", update.Archive, "linux"},
	{".deb", update.Debian, "linux"},
	{"-setup.exe", update.Setup, "windows"},
}

// sign writes the list of the packages of the version and its signature.
func sign(key ed25519.PrivateKey, version, changes, folder string) error {
	notes, err := whatIsNew(changes)
	if err != nil {
		return err
	}
	list := update.List{Version: version, Notes: notes}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		for _, e := range endings {
			// Debian writes a "~" where a version before a release has a "-".
			if !strings.HasSuffix(entry.Name(), e.ending) || !strings.Contains(strings.ReplaceAll(entry.Name(), "~", "-"), version) {
				continue
			}
			file, err := describe(filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			file.Kind, file.System = e.kind, e.system
			list.Files = append(list.Files, file)
		}
	}
	if len(list.Files) == 0 {
		return fmt.Errorf("there is no package of %s in %s", version, folder)
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	return errors.Join(
		os.WriteFile(filepath.Join(folder, update.ListName), text, 0o644),                        //nolint:gosec // it is for everybody
		os.WriteFile(filepath.Join(folder, update.SignatureName), update.Sign(key, text), 0o644)) //nolint:gosec // as above
}

func describe(path string) (update.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return update.File{}, err
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	return update.File{
		Name: filepath.Base(path), Bytes: size, SHA256: hex.EncodeToString(sum.Sum(nil)), Architecture: architecture(filepath.Base(path)),
	}, err
}

// architecture answers the part of a name that says for which processors.
func architecture(name string) string {
	i := slices.IndexFunc([]string{"amd64", "arm64"}, func(a string) bool { return strings.Contains(name, a) })
	if i < 0 {
		return "amd64"
	}
	return []string{"amd64", "arm64"}[i]
}

var heading = regexp.MustCompile(`(?m)^## .*$`)

// whatIsNew answers the newest section of the changelog, a line for each entry.
func whatIsNew(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	places := heading.FindAllIndex(text, 2)
	if len(places) == 0 {
		return "", fmt.Errorf("%s has no heading", path)
	}
	end := len(text)
	if len(places) > 1 {
		end = places[1][0]
	}
	var lines []string
	for line := range strings.Lines(string(text[places[0][1]:end])) {
		line = strings.TrimSpace(line)
		switch entry, begins := strings.CutPrefix(line, "- "); {
		case begins:
			lines = append(lines, entry)
		case line != "" && len(lines) > 0:
			lines[len(lines)-1] += " " + line
		case line != "":
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), nil
}
