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
	_, whole := c.Totals()
	if got := needs(); got != whole {
		t.Errorf("the whole channel takes %v, want %d", got, whole)
	}
	_, files := c.Wanted(c.Node(channeltest.Audio))
	part, _ := needs("node_ids", []any{string(c.Node(channeltest.Audio).ID)}).(int64)
	if least := int64(len(files)) * 4096; part < least || part%4096 != 0 {
		t.Errorf("a part of %d files takes %d", len(files), part)
	}
	if got := needs("metadata_only", true); got != nil {
		t.Errorf("the list alone takes %v", got)
	}
	l.has(c)
	if got := needs(); got != int64(0) {
		t.Errorf("what is here already takes %v", got)
	}
}
