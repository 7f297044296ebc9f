package main

import (
	"context"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
)

// world is what channels come from and go to.
type world struct {
	channels []*channeltest.Channel
	drive    string // has the channels
	newer    string // has the first of them in its next version
	server   *servertest.Server
	out      string // a drive to export to
}

// world makes channels of some hundred files together, and where they are.
func (r *rig) world(ctx context.Context, name string) (*world, error) {
	folder := filepath.Join(r.folder, name)
	w := &world{drive: filepath.Join(folder, "drive"), newer: filepath.Join(folder, "newer"), out: filepath.Join(folder, "out")}
	seed := int64(r.seed)
	first := []channeltest.Option{channeltest.Seed(seed), channeltest.Name("Plain"), channeltest.FileSize(200_000)}
	w.channels = []*channeltest.Channel{
		channeltest.New(first...),
		channeltest.New(channeltest.Seed(seed+1), channeltest.Name("Many small files"), channeltest.Load(120, 2, 1_500_000)),
		channeltest.New(channeltest.Seed(seed+2), channeltest.Name("Large files"), channeltest.Load(8, 1, 16_000_000)),
		// It shares every file with the first.
		channeltest.New(channeltest.Seed(seed), channeltest.ID(channel.ID("5ba7ed00000000000000000000000001")), channeltest.Name("The same again"), channeltest.FileSize(200_000)),
	}
	for _, c := range w.channels {
		if err := c.Write(w.drive); err != nil {
			return nil, err
		}
	}
	if err := channeltest.Next(first...).Write(w.newer); err != nil {
		return nil, err
	}
	var err error
	w.server, err = servertest.Serve(ctx, "127.0.0.1:0", channeltest.ContentIn(w.drive))
	return w, err
}
