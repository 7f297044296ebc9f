package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// makeMedia draws the pictures and plays the melody anew, into the folder
// media, from which the channel takes them. It needs rsvg-convert, ImageMagick
// and lame, whose output differs between versions; so what they made is kept.
func makeMedia(ctx context.Context, folder string) error {
	scratch, err := os.MkdirTemp("", "nectar-sample-")
	if err != nil {
		return fmt.Errorf("make scratch folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	drawing, plain := filepath.Join(scratch, "drawing.svg"), filepath.Join(scratch, "plain.png")
	for _, p := range pictures() {
		if err := os.WriteFile(drawing, []byte(p.svg), 0o600); err != nil {
			return fmt.Errorf("write drawing: %w", err)
		}
		if err := tool(ctx, "rsvg-convert", "-w", strconv.Itoa(p.width), "-o", plain, drawing); err != nil {
			return err
		}
		into := filepath.Join(folder, p.name+".png")
		if err := tool(ctx, "convert", plain, "+dither", "-colors", strconv.Itoa(p.colours), "-strip", "-define", "png:compression-level=9",
			"-define", "png:exclude-chunk=all", "-define", "png:include-chunk=PLTE", "PNG8:"+into); err != nil {
			return err
		}
	}
	wave := filepath.Join(scratch, "song.wav")
	if err := os.WriteFile(wave, melody(), 0o600); err != nil {
		return fmt.Errorf("write melody: %w", err)
	}
	return tool(ctx, "lame", "--quiet", "-m", "m", "-b", "32", "-q", "0", "--tt", "The song of the meadow", "--ta", owner, wave, filepath.Join(folder, "song.mp3"))
}

func tool(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("run %s: %w: %s", name, err, out)
	}
	return nil
}
