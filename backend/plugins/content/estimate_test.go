package content_test

import (
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
)

func TestAnImportSaysHowMuchRoomItWillTake(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	path := l.stick(c, "1234", "SANDISK")
	needs := func(more ...any) any {
		t.Helper()
		request := map[string]any{"channel_id": string(c.ID), "path": path}
		for i := 0; i < len(more); i += 2 {
			name, _ := more[i].(string)
			request[name] = more[i+1]
		}
		_, metadata, err := l.imports.Validate(t.Context(), auth.Program(), request)
		if err != nil {
			t.Fatal(err)
		}
		return metadata["needed_bytes"]
	}
	if got, want := needs(), room(c, c.Root); got != want {
		t.Errorf("the whole channel takes %v, want %d", got, want)
	}
	song := c.Node(channeltest.Audio)
	if got, want := needs("node_ids", []any{string(song.ID)}), room(c, song); got != want {
		t.Errorf("a part takes %v, want %d", got, want)
	}
	if got := needs("metadata_only", true); got != nil {
		t.Errorf("the list alone takes %v", got)
	}
	l.has(c)
	if got := needs(); got != int64(0) {
		t.Errorf("what is here already takes %v", got)
	}
}

// room answers what the files of a node and all below it take on a disk.
func room(c *channeltest.Channel, below *channeltest.Node) int64 {
	_, files := c.Wanted(below)
	var sum int64
	for _, f := range files {
		sum += (f.Size + 4095) / 4096 * 4096
	}
	return sum
}
