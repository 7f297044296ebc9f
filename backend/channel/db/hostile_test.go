package db_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/fault"
)

// TestHostile breaks a channel in every way that is known: what is malformed,
// and what is made to harm. A row without codes is harmless: it is read to
// the end.
func TestHostile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		damage channeltest.Damage
		quick  fault.Code // "" when only a full check finds it
		full   fault.Code
	}{
		"an empty file":                {channeltest.EmptyDatabase, fault.DatabaseEmpty, fault.DatabaseEmpty},
		"a text":                       {channeltest.TextDatabase, fault.NotADatabase, fault.NotADatabase},
		"a truncated database":         {channeltest.TruncateDatabase, fault.DatabaseDamaged, fault.DatabaseDamaged},
		"a corrupt database":           {channeltest.CorruptDatabase, fault.DatabaseDamaged, fault.DatabaseDamaged},
		"a database of something else": {channeltest.OtherDatabase, fault.NotAChannel, fault.NotAChannel},
		"a later generation":           {channeltest.FutureSchema, fault.SchemaTooNew, fault.SchemaTooNew},
		"an unknown generation":        {channeltest.UnknownSchema, fault.SchemaUnknown, fault.SchemaUnknown},
		"no generation":                {channeltest.Exec("UPDATE content_channelmetadata SET min_schema_version = ''"), fault.SchemaUnknown, fault.SchemaUnknown},
		"a huge generation":            {channeltest.Exec("UPDATE content_channelmetadata SET min_schema_version = '99999999999999999999999'"), fault.SchemaTooNew, fault.SchemaTooNew},
		"a missing table":              {channeltest.Exec("DROP TABLE content_language"), fault.NotAChannel, fault.NotAChannel},
		"no channel":                   {channeltest.NoMetadata, fault.NotAChannel, fault.NotAChannel},
		"two channels":                 {channeltest.TwoChannels, fault.NotAChannel, fault.NotAChannel},
		"a node of another channel":    {channeltest.ForeignNode, fault.WrongChannel, fault.WrongChannel},
		"a file extension that leaves": {channeltest.TraversalExtension, "", fault.UnsafeDatabase},
		"a file id that leaves":        {channeltest.TraversalID, "", fault.UnsafeDatabase},
		"an unused file that leaves":   {channeltest.Exec("INSERT INTO content_localfile VALUES ('..', 'mp4', 0, 1)"), "", fault.UnsafeDatabase},
		"a negative size":              {channeltest.NegativeSize, "", fault.UnsafeDatabase},
		"a size that overflows sums":   {channeltest.Exec("UPDATE content_localfile SET file_size = 9223372036854775807"), "", fault.UnsafeDatabase},
		"a file without a record":      {channeltest.LostFile, "", fault.DatabaseDamaged},
		"a trigger":                    {channeltest.Trigger, fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a view":                       {channeltest.View, fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a virtual table":              {channeltest.VirtualTable, fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a computed column":            {channeltest.Computed, fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a row of many megabytes":      {channeltest.Exec("UPDATE content_contentnode SET title = hex(zeroblob(9000000)) WHERE lft = 2"), "", fault.UnsafeDatabase},
		"a node id that is none":       {channeltest.Exec("UPDATE content_contentnode SET id = '../../x' WHERE lft = 3"), "", fault.UnsafeDatabase},
		"a cycle":                      {channeltest.Cycle, fault.BrokenTree, fault.BrokenTree},
		"an orphan":                    {channeltest.Orphan, "", fault.BrokenTree},
		"two roots":                    {channeltest.TwoRoots, "", fault.BrokenTree},
		"no root":                      {channeltest.NoRoot, fault.BrokenTree, fault.BrokenTree},
		"a parent elsewhere":           {channeltest.OtherParent, "", fault.BrokenTree},
		"sets that overlap":            {channeltest.BrokenMPTT, "", fault.BrokenTree},
		"a word for a number":          {channeltest.TextMPTT, "", fault.BrokenTree},
		"a resource with children":     {channeltest.ResourceWithChildren, "", fault.BrokenTree},
		"two nodes at one place":       {channeltest.Exec("UPDATE content_contentnode SET lft = 3, rght = 4 WHERE lft = 5"), "", fault.BrokenTree},
		"a role of a file that leaves": {channeltest.Exec("UPDATE content_file SET local_file_id = '../x' WHERE id = (SELECT min(id) FROM content_file)"), "", fault.UnsafeDatabase},
		"a NULL where none may be":     {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = replace(sql, 'lft INTEGER NOT NULL', 'lft INTEGER') WHERE name = 'content_contentnode'", "PRAGMA writable_schema = RESET", "UPDATE content_contentnode SET lft = NULL WHERE lft = 3"), "", fault.BrokenTree},

		// Names that leave their folder, or seem not to.
		"a file id with a line break after it":      {channeltest.Exec("UPDATE content_localfile SET id = id || char(10)"), "", fault.UnsafeDatabase},
		"a file id with a NUL and a path after it":  {channeltest.Exec("UPDATE content_localfile SET id = id || char(0) || '/../../x'"), "", fault.UnsafeDatabase},
		"a NUL in the node of a role":               {channeltest.Exec("UPDATE content_file SET contentnode_id = contentnode_id || char(0) || 'x'"), "", fault.UnsafeDatabase},
		"a file id with a space before it":          {channeltest.Exec("UPDATE content_localfile SET id = ' ' || substr(id, 2)"), "", fault.UnsafeDatabase},
		"a file id in capitals":                     {channeltest.Exec("UPDATE content_localfile SET id = upper(id)"), "", fault.UnsafeDatabase},
		"a file id of other digits":                 {channeltest.Exec("UPDATE content_localfile SET id = replace(id, substr(id, 1, 1), char(65297))"), "", fault.UnsafeDatabase},
		"an empty file id":                          {channeltest.Exec("UPDATE content_localfile SET id = '' WHERE id = (SELECT min(id) FROM content_localfile)"), "", fault.UnsafeDatabase},
		"an extension with a line break after it":   {extension("'mp4' || char(10)"), "", fault.UnsafeDatabase},
		"an extension with a NUL after it":          {extension("'mp4' || char(0) || '.exe'"), "", fault.UnsafeDatabase},
		"an extension with a stream of Windows":     {extension("'mp4:x'"), "", fault.UnsafeDatabase},
		"an extension with a backslash":             {extension("'mp4' || char(92) || 'x'"), "", fault.UnsafeDatabase},
		"an extension of two":                       {extension("'tar.gz'"), "", fault.UnsafeDatabase},
		"an extension in capitals":                  {extension("'MP4'"), "", fault.UnsafeDatabase},
		"an empty extension":                        {extension("''"), "", fault.UnsafeDatabase},
		"a long extension":                          {extension("'abcdefghijk'"), "", fault.UnsafeDatabase},
		"an extension that is a number":             {extension("7"), "", ""},
		"an extension that is bytes":                {extension("x'6d7034'"), "", ""},
		"a channel id with a path in the row":       {channeltest.Exec("UPDATE content_channelmetadata SET id = '../../../../../../etc/passwd'"), fault.NotAChannel, fault.NotAChannel},
		"a channel id in capitals":                  {channeltest.Exec("UPDATE content_channelmetadata SET id = upper(id)"), fault.NotAChannel, fault.NotAChannel},
		"a channel id with a line break after it":   {channeltest.Exec("UPDATE content_channelmetadata SET id = id || char(10)"), fault.NotAChannel, fault.NotAChannel},
		"a root id that is none":                    {channeltest.Exec("UPDATE content_channelmetadata SET root_id = '..'"), fault.BrokenTree, fault.BrokenTree},
		"a content id that is none":                 {channeltest.Exec("UPDATE content_contentnode SET content_id = '../../x'"), "", ""},
		"a node of no channel":                      {channeltest.Exec("UPDATE content_contentnode SET channel_id = '' WHERE lft = 2"), fault.WrongChannel, fault.WrongChannel},
		"a node of the same channel in capitals":    {channeltest.Exec("UPDATE content_contentnode SET channel_id = upper(channel_id) WHERE lft = 2"), fault.WrongChannel, fault.WrongChannel},
		"a node of another channel the index hides": {hide("channel_id", "UPDATE content_contentnode SET channel_id = 'ffffffffffffffffffffffffffffffff' WHERE lft = 2"), "", fault.WrongChannel},
		"a node in the tree that the index hides":   {hide("lft", "UPDATE content_contentnode SET lft = 2, rght = 3 WHERE lft = 5"), "", fault.BrokenTree},
		"two nodes of one id":                       {twins, "", fault.BrokenTree},
		"an unknown way to compare":                 {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = replace(sql, 'title VARCHAR(200)', 'title VARCHAR(200) COLLATE elsewhere') WHERE name = 'content_contentnode'"), "", ""},

		// Numbers and texts of other types than they should be, or too many.
		"a size that is a word":                   {channeltest.Exec("UPDATE content_localfile SET file_size = 'large'"), "", ""},
		"a size that is a fraction":               {channeltest.Exec("UPDATE content_localfile SET file_size = 1.5"), "", ""},
		"a size without end":                      {channeltest.Exec("UPDATE content_localfile SET file_size = 9e999"), "", ""},
		"a size that is bytes":                    {channeltest.Exec("UPDATE content_localfile SET file_size = zeroblob(100)"), "", ""},
		"a version without end":                   {channeltest.Exec("UPDATE content_channelmetadata SET version = 9e999"), "", ""},
		"a version that is bytes":                 {channeltest.Exec("UPDATE content_channelmetadata SET version = x'00'"), "", ""},
		"nested sets out to the last number":      {channeltest.Exec("UPDATE content_contentnode SET rght = 9223372036854775807 WHERE lft = 1"), "", ""},
		"nested sets from the first number":       {channeltest.Exec("UPDATE content_contentnode SET lft = -9223372036854775808 WHERE lft = 1"), "", ""},
		"nested sets the wrong way round":         {channeltest.Exec("UPDATE content_contentnode SET lft = rght, rght = lft"), "", fault.BrokenTree},
		"a node that is its own parent":           {channeltest.Exec("UPDATE content_contentnode SET parent_id = id WHERE lft = 3"), "", fault.BrokenTree},
		"a root that is its own parent":           {channeltest.Exec("UPDATE content_contentnode SET parent_id = id WHERE lft = 1"), fault.BrokenTree, fault.BrokenTree},
		"a root that is a resource":               {channeltest.Exec("UPDATE content_contentnode SET kind = 'video' WHERE lft = 1"), fault.BrokenTree, fault.BrokenTree},
		"levels that do not fit":                  {channeltest.Exec("UPDATE content_contentnode SET level = 9223372036854775807, tree_id = -1"), "", ""},
		"a tree of five thousand levels":          {chain(5000), "", fault.BrokenTree},
		"a title of a megabyte":                   {channeltest.Exec("UPDATE content_contentnode SET title = hex(zeroblob(500000))"), "", ""},
		"a title of NULs":                         {channeltest.Exec("UPDATE content_contentnode SET title = CAST(zeroblob(300) AS TEXT)"), "", ""},
		"a title that is a number":                {channeltest.Exec("UPDATE content_contentnode SET title = 5, kind = 'video' || char(0) WHERE lft = 3"), "", ""},
		"a thousand languages":                    {channeltest.Exec("UPDATE content_contentnode SET lang_id = 'l' || lft"), "", ""},
		"a language that is a path":               {channeltest.Exec("UPDATE content_contentnode SET lang_id = '../../x'"), "", ""},
		"a role of a node that is not there":      {channeltest.Exec("UPDATE content_file SET contentnode_id = 'ffffffffffffffffffffffffffffffff'"), "", ""},
		"a generation with a line break after it": {channeltest.Exec("UPDATE content_channelmetadata SET min_schema_version = '5' || char(10)"), fault.SchemaUnknown, fault.SchemaUnknown},
		"a generation that is negative":           {channeltest.Exec("UPDATE content_channelmetadata SET min_schema_version = '-1'"), fault.SchemaUnknown, fault.SchemaUnknown},
		"generation nought":                       {channeltest.Exec("UPDATE content_channelmetadata SET min_schema_version = '0'"), fault.SchemaUnknown, fault.SchemaUnknown},
		"a generation that is NULL":               {nullable("content_channelmetadata", "min_schema_version", "VARCHAR(50)"), fault.SchemaUnknown, fault.SchemaUnknown},

		// What SQLite could be made to do.
		"a trigger on a table of its own":     {channeltest.Exec("CREATE TABLE other (a)", "CREATE TRIGGER t AFTER INSERT ON other BEGIN SELECT load_extension('x'); END"), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a view that never ends":              {channeltest.Exec("CREATE VIEW content_more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a view in place of the channel":      {channeltest.Exec("ALTER TABLE content_channelmetadata RENAME TO content_hidden", "CREATE VIEW content_channelmetadata AS SELECT * FROM content_hidden"), fault.NotAChannel, fault.NotAChannel},
		"a tree of rectangles":                {channeltest.Exec("CREATE VIRTUAL TABLE content_more USING rtree(id, a, b)"), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a stored computed column":            {nullable("content_contenttag", "tag_name", "TEXT AS (id) STORED"), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a table whose text is a view":        {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = 'CREATE VIEW content_contenttag AS SELECT 1 AS id, 2 AS tag_name' WHERE name = 'content_contenttag'"), fault.DatabaseDamaged, fault.DatabaseDamaged},
		"a table without a page":              {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'content_contenttag'"), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"a table on the page of the schema":   {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'content_contenttag'"), fault.DatabaseDamaged, fault.DatabaseDamaged},
		"a table on a page that is not there": {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 999999 WHERE name = 'content_contenttag'"), fault.DatabaseDamaged, fault.DatabaseDamaged},
		"two tables on one page":              {channeltest.Exec("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'content_file') WHERE name = 'content_contenttag'"), "", fault.DatabaseDamaged},
		"a thousand tables":                   {tables(1000), fault.UnsafeDatabase, fault.UnsafeDatabase},
		"an index by a function":              {channeltest.Exec("CREATE INDEX more ON content_contentnode (hex(title))"), "", ""},
		"an index of some rows":               {channeltest.Exec("CREATE INDEX more ON content_contentnode (channel_id) WHERE lft > 5"), "", ""},
		"a database in UTF-16":                {recode, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, drive := database(t)
			channeltest.Break(t, c, drive, test.damage)
			for check, want := range map[db.Check]fault.Code{db.Quick: test.quick, db.Pages: test.full} {
				d, err := look(t.Context(), databaseOn(c, drive), c.ID, check)
				if got := fault.CodeOf(err); got != want {
					t.Errorf("check %d says %v, want code %q", check, err, want)
				}
				if err != nil {
					if got := fault.Of(err).Params["file"]; got != filepath.Base(databaseOn(c, drive)) {
						t.Errorf("check %d names the file %v", check, got)
					}
					continue
				}
				expectHarmless(t, d, test.full == "")
				_ = d.Close()
			}
		})
	}
	t.Run("a database of another channel is refused", func(t *testing.T) {
		t.Parallel()
		c, drive := database(t)
		channeltest.Break(t, c, drive, channeltest.WrongName)
		other := channeltest.Renamed(c)
		_, err := db.Open(t.Context(), other.DatabaseIn(channeltest.ContentIn(drive)), other, db.Quick)
		if fault.CodeOf(err) != fault.WrongChannel || fault.Of(err).Params["holds"] != string(c.ID) {
			t.Errorf("open says %v", err)
		}
	})
	t.Run("a database that is not there is refused", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New()
		if _, err := db.Open(t.Context(), databaseOn(c, t.TempDir()), c.ID, db.Quick); fault.CodeOf(err) != fault.ChannelMissing {
			t.Errorf("open says %v", err)
		}
	})
	t.Run("a folder in place of a database is refused", func(t *testing.T) {
		t.Parallel()
		if _, err := db.Open(t.Context(), t.TempDir(), channeltest.New().ID, db.Quick); fault.CodeOf(err) != fault.NotADatabase {
			t.Errorf("open says %v", err)
		}
	})
}

func TestConnection(t *testing.T) {
	t.Parallel()
	c, drive := database(t)
	d := open(t, c, drive, db.Pages)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for what, statement := range map[string]string{
		"a change of a row":         "UPDATE content_contentnode SET title = ''",
		"a new table":               "CREATE TABLE more (a)",
		"a new table in memory":     "CREATE TEMP TABLE more (a)",
		"another file":              "ATTACH '" + elsewhere + "' AS elsewhere",
		"a copy into another file":  "VACUUM INTO '" + elsewhere + "'",
		"a hand on the schema":      "PRAGMA writable_schema = ON",
		"the end of its limits":     "PRAGMA query_only = OFF",
		"trust in the schema":       "PRAGMA trusted_schema = ON",
		"another journal":           "PRAGMA journal_mode = WAL",
		"a library of another hand": "SELECT load_extension('x')",
		"a query without end":       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
		"a transaction":             "BEGIN IMMEDIATE",
	} {
		t.Run("nobody gets "+what, func(t *testing.T) {
			t.Parallel()
			if err := d.Exec(t.Context(), statement); err == nil {
				t.Error("it is allowed")
			}
		})
	}
	t.Run("a table of too many rows is not read to its end", func(t *testing.T) {
		t.Parallel()
		for check, want := range map[db.Check]fault.Code{db.Quick: "", db.Pages: fault.UnsafeDatabase} {
			d, err := db.OpenWithin(t.Context(), databaseOn(c, drive), c.ID, check, 5)
			d, err = readWhole(t.Context(), d, err, check)
			if got := fault.CodeOf(err); got != want {
				t.Errorf("check %d says %v", check, err)
			}
			if err != nil {
				continue
			}
			count := 0
			for _, err := range d.Nodes(t.Context()) {
				if count++; err != nil && fault.CodeOf(err) != fault.UnsafeDatabase {
					t.Errorf("nodes say %v", err)
				}
			}
			if count != 6 {
				t.Errorf("it reads %d rows, the last of them a refusal", count)
			}
			_ = d.Close()
		}
	})
}

// expectHarmless reads all of a database: to the end if it is sound, and
// nothing of it that could harm.
func expectHarmless(t *testing.T, d *db.DB, sound bool) {
	t.Helper()
	fine := func(err error) {
		t.Helper()
		if expectFault(t, err); sound && err != nil {
			t.Errorf("a sound database says %v", err)
		}
	}
	texts := []string{d.Metadata().Name, d.Metadata().Description}
	for n, err := range d.Nodes(t.Context()) {
		fine(err)
		texts = append(texts, n.Title, string(n.Kind), n.Language)
	}
	for f, err := range d.Files(t.Context()) {
		fine(err)
		if err == nil && filepath.Dir(filepath.Dir(filepath.Dir(f.Path()))) != "storage" {
			t.Errorf("%s lies outside", f.Path())
		}
	}
	for r, err := range d.Roles(t.Context()) {
		fine(err)
		texts = append(texts, string(r.Preset))
	}
	for _, text := range texts {
		if strings.ContainsAny(text, "\x00\x1b\n\r\u202e\u2066\u2028") || len(text) > 4*4000 {
			t.Errorf("a text comes out as %.100q", text)
		}
	}
}

// extension gives a file the extension that the SQL makes.
func extension(expression string) channeltest.Damage {
	return channeltest.Exec("UPDATE content_localfile SET extension = " + expression + " WHERE id = (SELECT min(id) FROM content_localfile)")
}

// hide changes nodes behind the back of the index of one of their columns.
func hide(column, statement string) channeltest.Damage {
	index := "'ix_content_contentnode_" + column + "'"
	return func(c *channeltest.Channel, content string) error {
		for _, statements := range [][]string{
			{"PRAGMA writable_schema = ON", "CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = " + index, "DELETE FROM sqlite_schema WHERE name = " + index},
			{statement},
			{"PRAGMA writable_schema = ON", "INSERT INTO sqlite_schema SELECT * FROM kept"},
		} {
			if err := channeltest.Exec(statements...)(c, content); err != nil {
				return err
			}
		}
		return nil
	}
}

// twins gives a table without its primary key a node twice.
func twins(c *channeltest.Channel, content string) error {
	return channeltest.Exec(
		"ALTER TABLE content_contentnode RENAME TO old", "CREATE TABLE content_contentnode AS SELECT * FROM old", "DROP TABLE old",
		"UPDATE content_contentnode SET id = (SELECT id FROM content_contentnode WHERE lft = 3) WHERE lft = 5",
	)(c, content)
}

// nullable gives a column another definition and nothing as its values.
func nullable(table, column, definition string) channeltest.Damage {
	return channeltest.Exec("ALTER TABLE "+table+" RENAME COLUMN "+column+" TO before_it",
		"CREATE TABLE made AS SELECT * FROM "+table, "DROP TABLE "+table,
		"CREATE TABLE "+table+" (id, "+column+" "+definition+")",
		"INSERT INTO "+table+" (id) SELECT id FROM made")
}

// chain hangs as many topics below each other.
func chain(levels int) channeltest.Damage {
	return func(c *channeltest.Channel, content string) error {
		at := c.Root
		for i := range levels {
			id := fmt.Sprintf("%032x", i+1)
			topic := &channeltest.Node{ID: channel.NodeID(id), ContentID: id, Title: "Deeper", Kind: channel.Topic}
			at.Children = append(at.Children, topic)
			at = topic
		}
		return c.WriteDatabase(c.ID.DatabaseIn(content))
	}
}

// tables adds as many tables.
func tables(count int) channeltest.Damage {
	statements := []string{"BEGIN"}
	for i := range count {
		statements = append(statements, "CREATE TABLE content_t"+strconv.Itoa(i)+" (a)")
	}
	return channeltest.Exec(append(statements, "COMMIT")...)
}

// recode writes the database anew in another encoding of texts.
func recode(c *channeltest.Channel, content string) error {
	other := *c
	other.Encoding = "UTF-16le"
	return other.WriteDatabase(c.ID.DatabaseIn(content))
}
