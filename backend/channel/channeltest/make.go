package channeltest

// TB is what Make and Break need of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	TempDir() string
}

// Make makes a channel and writes it to a drive of its own, a folder that the
// test removes at its end.
func Make(tb TB, options ...Option) (c *Channel, drive string) {
	tb.Helper()
	c, drive = New(options...), tb.TempDir()
	if err := c.Write(drive); err != nil {
		tb.Fatalf("write channel: %v", err)
	}
	return c, drive
}

// Break does the damage to the channel on the drive.
func Break(tb TB, c *Channel, drive string, damage ...Damage) {
	tb.Helper()
	for _, d := range damage {
		if err := d(c, ContentIn(drive)); err != nil {
			tb.Fatalf("break channel: %v", err)
		}
	}
}
