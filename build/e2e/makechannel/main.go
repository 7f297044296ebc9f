// Makechannel writes a generated channel to a folder, as a drive would hold
// it, and prints what a test wants to know of it as JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"nectar/backend/channel/channeltest"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	name := flag.String("name", "Test channel", "the channel's name")
	seed := flag.Int64("seed", 1, "makes other ids and other bytes")
	resources := flag.Int("resources", 0, "how many resources to add")
	size := flag.Int64("size", 0, "how many bytes the added resources have")
	damage := flag.Bool("damage", false, "flip a byte in one file")
	next := flag.Bool("next", false, "write the channel's next version")
	flag.Parse()
	if flag.NArg() != 1 {
		return fmt.Errorf("want one folder to write to")
	}
	folder := flag.Arg(0)
	options := []channeltest.Option{channeltest.Name(*name), channeltest.Seed(*seed)}
	if *resources > 0 {
		options = append(options, channeltest.Load(*resources, 1, *size))
	}
	c := channeltest.New(options...)
	if *next {
		c = channeltest.Next(options...)
	}
	if err := c.Write(folder); err != nil {
		return err
	}
	damaged := ""
	if *damage {
		file := largest(c)
		damaged = file.Name()
		if err := channeltest.FlipByte(file.LocalFile)(c, channeltest.ContentIn(folder)); err != nil {
			return err
		}
	}
	_, files := c.Wanted(c.Root)
	wanted := []string{}
	for _, f := range c.Files() {
		if _, needed := files[f.Checksum]; needed {
			wanted = append(wanted, f.Name())
		}
	}
	count, bytes := c.Totals()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"id": c.ID, "name": *name, "resources": count, "bytes": bytes, "files": len(files), "wanted": wanted, "damaged": damaged,
	})
}

// largest answers the largest file that an import of the channel brings.
func largest(c *channeltest.Channel) channeltest.File {
	_, wanted := c.Wanted(c.Root)
	var best channeltest.File
	for _, f := range c.Files() {
		if _, needed := wanted[f.Checksum]; needed && f.Size > best.Size {
			best = f
		}
	}
	return best
}
