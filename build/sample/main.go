// Command sample makes the channel that comes with Nectar: its pages,
// documents, pictures, sound and database. Run it in the project's folder:
//
//	go run ./build/sample          makes the channel of what is in media
//	go run ./build/sample -media   draws the pictures and records the song in media
//
// What it makes is committed, so that building Nectar needs none of this.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	media := flag.Bool("media", false, "make the pictures and the song anew; run again without it to use them")
	flag.Parse()
	if err := run(context.Background(), *media); err != nil {
		fmt.Fprintln(os.Stderr, "sample:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, media bool) error {
	if media {
		return makeMedia(ctx, filepath.Join("build", "sample", "media"))
	}
	content := filepath.Join("backend", "channel", "source", "sample", "content")
	m, err := gather()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(content); err != nil {
		return fmt.Errorf("empty %s: %w", content, err)
	}
	return write(ctx, content, m)
}
