package source

import (
	"context"
	"fmt"
	"io"
	"os"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// FetchDatabase copies a channel's database into a new temporary file in the
// folder and answers its path. The caller removes it. The bytes are not
// checked: they are as untrusted as the source. Nothing is left behind when
// it fails.
func FetchDatabase(ctx context.Context, from Source, id channel.ID, folder string) (path string, err error) {
	in, err := from.OpenDatabase(ctx, id)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(folder, ".nectar-*.transfer")
	if err != nil {
		return "", fault.New(fault.NoWrite, "path", folder).Because(err)
	}
	defer func() {
		if err != nil {
			_ = out.Close()
			_ = os.Remove(out.Name())
		}
	}()
	if _, err := io.Copy(out, &interruptible{ctx, in}); err != nil {
		if gone := from.Alive(ctx); gone != nil {
			return "", gone
		}
		return "", fmt.Errorf("copy channel database: %w", err)
	}
	if err := out.Close(); err != nil {
		return "", fmt.Errorf("copy channel database: %w", err)
	}
	return out.Name(), nil
}

// interruptible ends a read when its context ends.
type interruptible struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	in  io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
