package selection_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/selection"
)

// TestKolibri holds sizes and counts against Kolibri's own definitions, as
// queries of the channel's database: by the nested sets, never by the tree in
// memory.
func TestKolibri(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("sizes and counts of random tree %d are those of Kolibri", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			c := scatter(random)
			tree, k := load(t, c), newKolibri(t, c)
			here := map[channel.Checksum]bool{}
			for _, f := range c.Files() {
				if random.IntN(3) == 0 {
					here[f.Checksum] = true
					k.exec(t, "UPDATE content_localfile SET available = 1 WHERE id = ?", f.Checksum.String())
				}
			}
			totals := tree.Totals(func(sum channel.Checksum) bool { return here[sum] })
			k.comparePublished(t, totals[selection.Root])
			for _, n := range c.Nodes() {
				i, _ := tree.Find(n.ID)
				k.compareOnDevice(t, n, totals[i])
			}
			for range 20 {
				k.compareSelection(t, tree, c, random)
			}
		})
	}
}

// kolibri is a channel's database with Kolibri's queries.
type kolibri struct{ db *sql.DB }

func newKolibri(t *testing.T, c *channeltest.Channel) kolibri {
	t.Helper()
	path := c.ID.DatabaseIn(t.TempDir())
	if err := c.WriteDatabase(path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	k := kolibri{db}
	k.exec(t, "UPDATE content_localfile SET available = 0")
	return k
}

func (k kolibri) exec(t *testing.T, statement string, values ...any) {
	t.Helper()
	if _, err := k.db.ExecContext(t.Context(), statement, values...); err != nil {
		t.Fatal(err)
	}
}

// ask runs a query of two numbers.
func (k kolibri) ask(t *testing.T, query string, values ...any) (first int, second int64) {
	t.Helper()
	if err := k.db.QueryRowContext(context.Background(), query, values...).Scan(&first, &second); err != nil {
		t.Fatal(err)
	}
	return first, second
}

// available is a leaf with a file that is here and is needed to show it.
const available = `leaf.kind <> 'topic' AND EXISTS (
	SELECT 1 FROM content_file f JOIN content_localfile l ON l.id = f.local_file_id
	WHERE  f.contentnode_id = leaf.id AND NOT f.supplementary AND l.available)`

// comparePublished compares what a Kolibri would say of the channel to others:
// total_resource_count and published_size.
func (k kolibri) comparePublished(t *testing.T, got channel.Totals) {
	t.Helper()
	count, size := k.ask(t, `
		SELECT (SELECT count(*) FROM content_contentnode leaf WHERE `+available+`),
		       (SELECT coalesce(sum(file_size), 0) FROM content_localfile
		        WHERE available AND id IN (SELECT local_file_id FROM content_file))`)
	if got.AvailableResources != count || got.AvailableSize != size {
		t.Errorf("%d resources of %d bytes are here, Kolibri says %d of %d", got.AvailableResources, got.AvailableSize, count, size)
	}
	if got.AvailableSize > got.Size || got.AvailableResources > got.Resources {
		t.Errorf("more is here than there is: %+v", got)
	}
}

// compareOnDevice compares the resources below a node: on_device_resources.
func (k kolibri) compareOnDevice(t *testing.T, n *channeltest.Node, got channel.Totals) {
	t.Helper()
	count, _ := k.ask(t, `
		SELECT count(*), 0
		FROM   content_contentnode top, content_contentnode leaf
		WHERE  top.id = ? AND leaf.lft BETWEEN top.lft AND top.rght AND `+available, string(n.ID))
	if got.AvailableResources != count {
		t.Errorf("%q has %d resources here, Kolibri says %d", n.Title, got.AvailableResources, count)
	}
}

// compareSelection compares what a random selection brings: the leaves that
// are named or below a named topic, without those that are left out the same
// way, if they own a file that a viewer shows; all their files, and those of
// the topics above them, each once. Kolibri also brings the pictures of
// topics that merely lie between the chosen ones, which nobody asked for.
func (k kolibri) compareSelection(t *testing.T, tree *selection.Tree, c *channeltest.Channel, random *rand.Rand) {
	t.Helper()
	nodes := c.Nodes()
	options := selection.Options{Include: some(nodes, random), Exclude: some(nodes, random), AllFiles: random.IntN(4) == 0}
	count, bytes := k.ask(t, `
		WITH chosen AS (
			SELECT leaf.id, leaf.lft, leaf.rght FROM content_contentnode leaf
			WHERE  leaf.kind <> 'topic' AND `+below(options.Include)+` AND NOT `+below(options.Exclude)+`
			AND   (? OR EXISTS (SELECT 1 FROM content_file WHERE contentnode_id = leaf.id AND preset IN (`+renderable()+`)))),
		needed AS (
			SELECT id FROM chosen UNION
			SELECT topic.id FROM content_contentnode topic, chosen WHERE topic.lft < chosen.lft AND topic.rght > chosen.rght)
		SELECT (SELECT count(*) FROM chosen),
		       (SELECT coalesce(sum(file_size), 0) FROM content_localfile WHERE id IN (
		        SELECT local_file_id FROM content_file WHERE contentnode_id IN (SELECT id FROM needed)))`, options.AllFiles)
	if got := selected(t, tree, options); got.Resources != count || got.Bytes != bytes {
		t.Errorf("%+v brings %d resources of %d bytes, Kolibri says %d of %d", options, got.Resources, got.Bytes, count, bytes)
	}
}

// some answers a few random nodes.
func some(nodes []*channeltest.Node, random *rand.Rand) []channel.NodeID {
	ids := []channel.NodeID{}
	for range random.IntN(4) {
		ids = append(ids, nodes[random.IntN(len(nodes))].ID)
	}
	return ids
}

// below answers the condition that a leaf is one of the nodes or below one.
func below(ids []channel.NodeID) string {
	quoted := []string{}
	for _, id := range ids {
		quoted = append(quoted, "'"+string(id)+"'")
	}
	return `EXISTS (SELECT 1 FROM content_contentnode top
		WHERE top.id IN (` + strings.Join(quoted, ", ") + `) AND leaf.lft BETWEEN top.lft AND top.rght)`
}

func renderable() string {
	quoted := []string{}
	for _, preset := range channel.RenderablePresets() {
		quoted = append(quoted, "'"+string(preset)+"'")
	}
	return strings.Join(quoted, ", ")
}
