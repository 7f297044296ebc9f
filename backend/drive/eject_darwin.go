package drive

import "context"

func eject(ctx context.Context, d Drive) error { return runTool(ctx, d, "diskutil", "eject", d.Path) }
