package service

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"image"
	_ "image/gif"  // a kind of picture that is shown
	_ "image/jpeg" // a kind of picture that is shown
	_ "image/png"  // a kind of picture that is shown
	"io"
	"os"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// The limits of thumbnails: nodes asked for at once, bytes and points of one.
const (
	maxThumbnails      = 100
	maxThumbnailBytes  = 512 << 10
	maxThumbnailPoints = 4096
)

// Thumbnails answers the pictures of the nodes of a channel as data URIs. The
// channel is on this laptop, or at a source. A node is left out that has no
// picture, whose picture is not there or too large, or is not what the channel
// says: nobody is shown a broken one.
func (l *Library) Thumbnails(ctx context.Context, person auth.Person, id channel.ID, nodes []channel.NodeID, reference string) (map[channel.NodeID]string, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	if len(nodes) > maxThumbnails {
		return nil, fault.New(fault.TooLarge, "limit", maxThumbnails)
	}
	tree, err := l.tree(ctx, id, reference)
	if err != nil {
		return nil, err
	}
	open, err := l.opens(ctx, reference)
	if err != nil {
		return nil, err
	}
	pictures := map[channel.NodeID]string{}
	for _, node := range nodes {
		index, found := tree.Find(node)
		if !found {
			continue
		}
		file, found := tree.Thumbnail(index)
		if !found || file.Size > maxThumbnailBytes {
			continue
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if picture := pictureOf(file, open); picture != "" {
			pictures[node] = picture
		}
	}
	return pictures, nil
}

// opens answers how the files of this laptop, or of a source, are opened.
func (l *Library) opens(ctx context.Context, reference string) (func(channel.LocalFile) (io.ReadCloser, error), error) {
	if reference == "" {
		content := l.library.Content()
		return func(f channel.LocalFile) (io.ReadCloser, error) { return os.Open(f.In(content)) }, nil
	}
	var from source.Source
	from, err := l.trees.open(ctx, reference)
	if err != nil {
		return nil, err
	}
	return func(f channel.LocalFile) (io.ReadCloser, error) { return from.OpenFile(ctx, f) }, nil
}

// pictureOf answers the file as a data URI when it is a picture that any window
// may show; otherwise "". A drawing in SVG can hold scripts and is none.
func pictureOf(file channel.LocalFile, open func(channel.LocalFile) (io.ReadCloser, error)) string {
	from, err := open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = from.Close() }()
	data, err := io.ReadAll(io.LimitReader(from, maxThumbnailBytes+1))
	if err != nil || len(data) > maxThumbnailBytes || channel.Checksum(md5.Sum(data)) != file.Checksum {
		return ""
	}
	shape, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || shape.Width > maxThumbnailPoints || shape.Height > maxThumbnailPoints {
		return ""
	}
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}
