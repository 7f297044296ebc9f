package channeltest

import (
	"io"

	"nectar/backend/channel"
)

// Channel is a channel in memory. A test may change its exported fields, or
// hang further nodes into the tree, before it writes the channel.
type Channel struct {
	ID          channel.ID
	Name        string
	Description string
	Version     int64
	Thumbnail   string
	Schema      int    // shape of the database: 1 to 6, or one of those before 1
	Declared    string // min_schema_version, as the database declares it
	Encoding    string // of the texts in the database, as SQLite names it; UTF-8 when ""
	Root        *Node
}

// Node is a topic or a resource. Its place in the tree is where it hangs.
type Node struct {
	ID        channel.NodeID
	ContentID string // shared by the copies of one resource
	Title     string
	Kind      channel.Kind
	Language  string // "" for none
	Files     []File
	Children  []*Node
}

// File is a file in its role for one node.
type File struct {
	channel.LocalFile

	Preset        channel.Preset
	Supplementary bool
	Thumbnail     bool
	Language      string // "" for none

	body body
}

// Open answers the file's bytes from the start.
func (f File) Open() io.Reader { return f.body.open() }

// New makes the channel that the options describe; without any, a channel of
// a kilobyte or two with one resource of each kind. The same options make the
// same channel, byte for byte.
func New(options ...Option) *Channel {
	o := settings{version: 3, schema: 5, declared: "5", name: "Channel of everything", fileSize: 1500}
	for _, option := range options {
		option(&o)
	}
	if o.id == "" {
		o.id = channel.ID(hexID("channel", o.seed))
	}
	m := maker{settings: o}
	c := &Channel{
		ID:          o.id,
		Name:        o.name,
		Description: "One of every kind — für Prüfungen · للاختبار",
		Version:     o.version,
		Thumbnail:   dataURI(picture(o.seed)),
		Schema:      o.schema,
		Declared:    o.declared,
		Root:        m.sample(),
	}
	if o.resources > 0 {
		c.Root.Children = append(c.Root.Children, m.load())
	}
	return c
}

// Nodes answers all nodes, parents before children, in tree order.
func (c *Channel) Nodes() []*Node {
	var nodes []*Node
	var walk func(n *Node)
	walk = func(n *Node) {
		nodes = append(nodes, n)
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(c.Root)
	return nodes
}

// Node answers the first node of the title, or nil.
func (c *Channel) Node(title string) *Node {
	for _, n := range c.Nodes() {
		if n.Title == title {
			return n
		}
	}
	return nil
}

// Files answers every stored file once, in the order of the tree.
func (c *Channel) Files() []File {
	var files []File
	seen := map[channel.Checksum]bool{}
	for _, n := range c.Nodes() {
		for _, f := range n.Files {
			if !seen[f.Checksum] {
				seen[f.Checksum] = true
				files = append(files, f)
			}
		}
	}
	return files
}

// Wanted answers what importing the node with all below it brings when nobody
// asks for more: the number of resources that a viewer shows, and each file
// they need once, with the files of the topics on the way from the root.
func (c *Channel) Wanted(node *Node) (resources int, files map[channel.Checksum]channel.LocalFile) {
	files = map[channel.Checksum]channel.LocalFile{}
	keep := func(n *Node) {
		for _, f := range n.Files {
			files[f.Checksum] = f.LocalFile
		}
	}
	var walk func(n *Node, inside bool) bool
	walk = func(n *Node, inside bool) bool {
		inside = inside || n == node
		needed := false
		if n.Kind != channel.Topic {
			needed = inside && n.renderable()
			if needed {
				resources++
			}
		}
		for _, child := range n.Children {
			needed = walk(child, inside) || needed
		}
		if needed {
			keep(n)
		}
		return needed
	}
	walk(c.Root, false)
	return resources, files
}

// Totals answers how many resources a viewer shows and the bytes of all that
// importing the channel brings; Kolibri records the same as published_size.
func (c *Channel) Totals() (resources int, size int64) {
	resources, files := c.Wanted(c.Root)
	for _, f := range files {
		size += f.Size
	}
	return resources, size
}

func (n *Node) renderable() bool {
	for _, f := range n.Files {
		if f.Preset.Renderable() {
			return true
		}
	}
	return false
}
