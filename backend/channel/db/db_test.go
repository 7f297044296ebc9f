package db_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
)

// open opens the channel's database on the drive; the test fails when it is
// refused.
func open(t *testing.T, c *channeltest.Channel, drive string, check db.Check) *db.DB {
	t.Helper()
	d, err := look(t.Context(), databaseOn(c, drive), c.ID, check)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// look opens a database. When its pages are checked its tree is read too, as by
// whoever takes it over.
func look(ctx context.Context, path string, id channel.ID, check db.Check) (*db.DB, error) {
	d, err := db.Open(ctx, path, id, check)
	return readWhole(ctx, d, err, check)
}

func readWhole(ctx context.Context, d *db.DB, err error, check db.Check) (*db.DB, error) {
	if err != nil || check != db.Pages {
		return d, err
	}
	if _, err := selection.Load(ctx, d); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// database makes a drive that holds nothing but the channel's database.
func database(t *testing.T, options ...channeltest.Option) (c *channeltest.Channel, drive string) {
	t.Helper()
	c, drive = channeltest.New(options...), t.TempDir()
	if err := c.WriteDatabase(databaseOn(c, drive)); err != nil {
		t.Fatal(err)
	}
	return c, drive
}

func databaseOn(c *channeltest.Channel, drive string) string {
	return c.ID.DatabaseIn(channeltest.ContentIn(drive))
}

func TestGenerations(t *testing.T) {
	t.Parallel()
	recognised := map[int]int{1: 1, 2: 3, 3: 3, 4: 4, 5: 5, 6: 6}
	for schema := 1; schema <= 6; schema++ {
		t.Run("a database of generation "+string(rune('0'+schema))+" is read", func(t *testing.T) {
			t.Parallel()
			c, drive := database(t, channeltest.Schema(schema))
			d := open(t, c, drive, db.Pages)
			want := channel.Metadata{
				ID: c.ID, Name: c.Name, Description: c.Description, Version: c.Version, Thumbnail: c.Thumbnail,
				RootID: c.Root.ID, Schema: recognised[schema],
			}
			if diff := cmp.Diff(want, d.Metadata()); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
	for name, schema := range map[string]int{
		"v0.2.0-beta1": channeltest.V020Beta1, "v0.4.0-beta3": channeltest.V040Beta3, "unversioned": channeltest.Unversioned,
	} {
		t.Run("a database of generation "+name+" is read", func(t *testing.T) {
			t.Parallel()
			c, drive := database(t, channeltest.Schema(schema))
			d := open(t, c, drive, db.Pages)
			want := channel.Metadata{
				ID: c.ID, Name: c.Name, Description: c.Description, Version: c.Version, Thumbnail: c.Thumbnail,
				RootID: c.Root.ID, Schema: 0,
			}
			if diff := cmp.Diff(want, d.Metadata()); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
			expectAll(t, c, d, schema == channeltest.Unversioned)
		})
	}
	t.Run("before generation 1, a file that nobody has and one of unknown size are read", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t, channeltest.Schema(channeltest.Unversioned))
		channeltest.Break(t, c, drive, channeltest.Exec("UPDATE content_file SET contentnode_id = NULL, file_size = NULL WHERE id = (SELECT min(id) FROM content_file)"))
		open(t, c, drive, db.Pages)
	})
	for _, declared := range []string{"v0.2.0-beta1", "v0.4.0-beta3", "unversioned", "1", "4", "6"} {
		t.Run("the shape decides, not the declared generation "+declared, func(t *testing.T) {
			t.Parallel()
			c, drive := database(t, channeltest.Schema(5), channeltest.Declare(declared))
			if got := open(t, c, drive, db.Pages).Metadata().Schema; got != 5 {
				t.Errorf("schema is %d, want 5", got)
			}
		})
	}
	t.Run("more tables and columns than we know are fine", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		channeltest.Break(t, c, drive, channeltest.Exec("CREATE TABLE content_more (a)",
			"ALTER TABLE content_contentnode ADD COLUMN more TEXT", "CREATE UNIQUE INDEX more ON content_more (a)", "ANALYZE"))
		open(t, c, drive, db.Pages)
	})
}

func TestSizes(t *testing.T) {
	t.Parallel()
	sizes := func(d *db.DB) map[channel.Checksum]int64 {
		found := map[channel.Checksum]int64{}
		for f, err := range d.Files(t.Context()) {
			if err != nil {
				t.Error(err)
			}
			found[f.Checksum] = f.Size
		}
		return found
	}
	t.Run("a size over two gigabytes of generation 6 is read from its own column", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New(channeltest.Schema(6))
		song := &c.Node(channeltest.Audio).Files[0]
		song.Size = 3 << 30
		drive := t.TempDir()
		if err := c.WriteDatabase(databaseOn(c, drive)); err != nil {
			t.Fatal(err)
		}
		if got := sizes(open(t, c, drive, db.Pages))[song.Checksum]; got != song.Size {
			t.Errorf("size is %d, want %d", got, song.Size)
		}
	})
	t.Run("a size that is not there is unknown", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		channeltest.Break(t, c, drive, channeltest.Exec("UPDATE content_localfile SET file_size = NULL"))
		for sum, size := range sizes(open(t, c, drive, db.Pages)) {
			if size != -1 {
				t.Fatalf("size of %s is %d, want -1", sum, size)
			}
		}
	})
}

func TestTree(t *testing.T) {
	t.Parallel()
	c, drive := database(t)
	d := open(t, c, drive, db.Quick)
	t.Run("nodes come in the order of the tree, files once each, and their roles", func(t *testing.T) {
		t.Parallel()
		expectAll(t, c, d, true)
	})
	t.Run("reading may stop early, and twice at once", func(t *testing.T) {
		t.Parallel()
		for _, err := range d.Nodes(t.Context()) {
			for _, err := range d.Files(t.Context()) {
				if err != nil {
					t.Errorf("the first file: %v", err)
				}
				break
			}
			if err != nil {
				t.Errorf("the first node: %v", err)
			}
			break
		}
	})
}

// expectAll reads the whole database and compares it with the channel.
// Without languages, its nodes have none.
func expectAll(t *testing.T, c *channeltest.Channel, d *db.DB, languages bool) {
	t.Helper()
	var nodes, wantNodes []string
	line := func(depth int, id channel.NodeID, title string, kind channel.Kind, content, language string) string {
		return strings.Join([]string{strings.Repeat(" ", depth), string(id), title, string(kind), content, language}, "|")
	}
	for n, err := range d.Nodes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, line(n.Depth, n.ID, n.Title, n.Kind, n.ContentID, n.Language))
	}
	var walk func(n *channeltest.Node, depth int)
	walk = func(n *channeltest.Node, depth int) {
		language := n.Language
		if !languages {
			language = ""
		}
		wantNodes = append(wantNodes, line(depth, n.ID, n.Title, n.Kind, n.ContentID, language))
		for _, child := range n.Children {
			walk(child, depth+1)
		}
	}
	walk(c.Root, 0)
	if diff := cmp.Diff(wantNodes, nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}

	files, wantFiles := map[channel.LocalFile]int{}, map[channel.LocalFile]int{}
	for f, err := range d.Files(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		files[f]++
	}
	for _, f := range c.Files() {
		wantFiles[f.LocalFile]++
	}
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}

	roles, wantRoles := map[string]int{}, map[string]int{}
	for r, err := range d.Roles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		roles[role(r.Node, r.File, r.Preset, r.Supplementary)]++
	}
	for _, n := range c.Nodes() {
		for _, f := range n.Files {
			wantRoles[role(n.ID, f.Checksum, f.Preset, f.Supplementary)]++
		}
	}
	if diff := cmp.Diff(wantRoles, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}

func role(node channel.NodeID, file channel.Checksum, preset channel.Preset, supplementary bool) string {
	return strings.Join([]string{string(node), file.String(), string(preset), strconv.FormatBool(supplementary)}, "|")
}

func TestExpect(t *testing.T) {
	t.Parallel()
	t.Run("about as many rows are expected as there are", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t, channeltest.Load(2000, 2, 8000))
		got := open(t, c, drive, db.Quick).Expect(t.Context())
		if want := (db.Expected{Nodes: len(c.Nodes()), Files: len(c.Files()), Roles: got.Roles}); got != want || got.Roles < got.Files {
			t.Errorf("expected are %+v, there are %+v", got, want)
		}
	})
	t.Run("no more than fit into the file, whatever it says", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		channeltest.Break(t, c, drive, channeltest.Exec(
			"UPDATE content_localfile SET rowid = 9223372036854775807 WHERE rowid = 1",
			"UPDATE content_contentnode SET rowid = -rowid"))
		info, err := os.Stat(databaseOn(c, drive))
		if err != nil {
			t.Fatal(err)
		}
		if got := open(t, c, drive, db.Pages).Expect(t.Context()); got.Files > int(info.Size())/32 || got.Nodes != 0 {
			t.Errorf("of %d bytes %+v are expected", info.Size(), got)
		}
	})
}

// another answers the statements that make a table of the roles with other columns, or
// another kind of table.
func another(more, values, kind string) []string {
	const names = "id, preset, supplementary, thumbnail, priority, contentnode_id, lang_id, local_file_id"
	return []string{
		"ALTER TABLE content_file RENAME TO before",
		`CREATE TABLE content_file (id CHAR(32) PRIMARY KEY, preset TEXT, supplementary BOOL, thumbnail BOOL, priority INTEGER,
			contentnode_id CHAR(32), lang_id TEXT, local_file_id CHAR(32)` + more + ")" + kind,
		"INSERT INTO content_file SELECT " + names + values + " FROM before",
		"DROP TABLE before",
	}
}

func TestRolesInHalves(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		damage []string
		halves int
	}{
		"of a channel":                                  {nil, 2},
		"with most of them in one half":                 {[]string{"UPDATE content_file SET rowid = rowid + 100000 WHERE rowid > 1"}, 2},
		"numbered below nothing":                        {[]string{"UPDATE content_file SET rowid = -rowid"}, 1},
		"with a column called like the number of a row": {another(", RowId INTEGER", ", iif(supplementary, NULL, 9)", ""), 1},
		"without numbers":                               {another("", "", " WITHOUT ROWID"), 1},
	} {
		t.Run("each role "+name+" is in one of them", func(t *testing.T) {
			t.Parallel()
			c, drive := database(t)
			if test.damage != nil {
				channeltest.Break(t, c, drive, channeltest.Exec(test.damage...))
			}
			d := open(t, c, drive, db.Quick)
			all := map[string]int{}
			count := func(roles iter.Seq2[db.Role, error], by int) {
				for r, err := range roles {
					if err != nil {
						t.Fatal(err)
					}
					all[role(r.Node, r.File, r.Preset, r.Supplementary)] += by
				}
			}
			halves := d.RolesInHalves(t.Context(), d.Expect(t.Context()).Roles)
			for _, half := range halves {
				count(half, 1)
			}
			if len(all) == 0 || len(halves) != test.halves {
				t.Errorf("%d roles are in %d parts, want %d", len(all), len(halves), test.halves)
			}
			count(d.Roles(t.Context()), -1)
			for role, n := range all {
				if n != 0 {
					t.Errorf("of %s there are %d too many", role, n)
				}
			}
		})
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	t.Run("hostile texts come out harmless", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		channeltest.Break(t, c, drive, channeltest.Exec(
			`UPDATE content_channelmetadata SET name = 'a' || char(27) || '[31m' || char(10) || 'b' || char(0) || 'c', thumbnail = 'data:image/svg+xml;base64,PHN2Zz4=', version = 'many'`,
			`UPDATE content_contentnode SET title = x'ff41' WHERE lft = 2`,
			`UPDATE content_contentnode SET kind = NULL, lang_id = 5 WHERE lft = -1`))
		d := open(t, c, drive, db.Pages)
		m := d.Metadata()
		if m.Name != "a[31m b" || m.Thumbnail != "" || m.Version != 0 {
			t.Errorf("metadata is %+v", m)
		}
		for n, err := range d.Nodes(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if n.Left == 2 && n.Title != "\uFFFDA" {
				t.Errorf("title is %q", n.Title)
			}
		}
	})
	t.Run("a thumbnail over a megabyte is left out", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New()
		c.Thumbnail = "data:image/png;base64," + strings.Repeat("A", 1<<20)
		drive := t.TempDir()
		if err := c.WriteDatabase(databaseOn(c, drive)); err != nil {
			t.Fatal(err)
		}
		if got := open(t, c, drive, db.Quick).Metadata().Thumbnail; got != "" {
			t.Errorf("thumbnail has %d bytes", len(got))
		}
	})
	t.Run("any path may hold a database", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New()
		plain := filepath.Join(t.TempDir(), "plain")
		if err := c.WriteDatabase(plain); err != nil {
			t.Fatal(err)
		}
		bytes, err := os.ReadFile(plain)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a b", "what?mode=rwc", "50%41", "a#b", "ünïcode قناة", "a'b\"c", "a&b=c;d+e", "x%00y"} {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := look(t.Context(), path, c.ID, db.Pages)
			if err != nil {
				t.Errorf("%q: %v", name, err)
				continue
			}
			_ = d.Close()
		}
	})
	t.Run("nothing appears beside a database, whatever lies there", func(t *testing.T) {
		t.Parallel()
		for _, journal := range []string{"", "-journal", "-wal"} {
			c, drive := database(t)
			if journal == "-wal" {
				channeltest.Break(t, c, drive, channeltest.Exec("PRAGMA journal_mode = WAL"))
			}
			path := databaseOn(c, drive)
			if journal != "" {
				hot := "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\xff\xff\xff\xff" + strings.Repeat("x", 5000)
				if err := os.WriteFile(path+journal, []byte(hot), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before := snapshot(t, drive)
			d, err := look(t.Context(), path, c.ID, db.Pages)
			if err != nil {
				t.Fatalf("with %q: %v", journal, err)
			}
			_ = d.Close()
			if diff := cmp.Diff(before, snapshot(t, drive)); diff != "" {
				t.Errorf("with %q the folder changed:\n%s", journal, diff)
			}
		}
	})
	t.Run("a cancelled context ends it", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		d := open(t, c, drive, db.Quick)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := look(ctx, databaseOn(c, drive), c.ID, db.Pages); !errors.Is(err, context.Canceled) {
			t.Errorf("open says %v", err)
		}
		for _, err := range d.Nodes(ctx) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("nodes say %v", err)
			}
		}
	})
}

// snapshot answers the names, times and sizes of all files in a folder.
func snapshot(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found[path] = info.ModTime().String() + info.Mode().String()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
