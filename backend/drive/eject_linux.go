package drive

import "context"

// eject asks the service that mounts drives for people, by its own tool.
func eject(ctx context.Context, d Drive) error { return ejectBy(ctx, "udisksctl", d) }

func ejectBy(ctx context.Context, tool string, d Drive) error {
	if err := runTool(ctx, d, tool, "unmount", "--no-user-interaction", "--block-device", d.Device); err != nil {
		return err
	}
	// Now it can be pulled out. Not every drive can be switched off.
	_ = runTool(ctx, d, tool, "power-off", "--no-user-interaction", "--block-device", d.Device)
	return nil
}
