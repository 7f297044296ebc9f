package disk_test

import (
	"errors"
	"io"
	"os"
	"testing"

	"nectar/backend/channel/channeltest"
)

func TestTheLastBytesOfAFileSayThatTheyAreTheLast(t *testing.T) {
	t.Parallel()
	c, root := channeltest.Make(t)
	s := open(t, root)
	want := c.Node(channeltest.Audio).Files[0].LocalFile
	t.Run("in one read, and nothing comes afterwards", func(t *testing.T) {
		t.Parallel()
		f, err := s.OpenFile(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		whole := make([]byte, f.Size()+100)
		if n, err := f.Read(whole); int64(n) != f.Size() || !errors.Is(err, io.EOF) {
			t.Errorf("it gives %d bytes of %d and says %v", n, f.Size(), err)
		}
		if n, err := f.Read(whole); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("after that it gives %d bytes and says %v", n, err)
		}
	})
	t.Run("what is cut off while it is read ends it", func(t *testing.T) {
		t.Parallel()
		c, root := channeltest.Make(t)
		s := open(t, root)
		cut := c.Node(channeltest.Audio).Files[0].LocalFile
		f, err := s.OpenFile(t.Context(), cut)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if err := os.Truncate(cut.In(channeltest.ContentIn(root)), cut.Size/2); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); err != nil || int64(len(got)) != cut.Size/2 {
			t.Errorf("%d bytes of %d, and %v", len(got), cut.Size/2, err)
		}
	})
}
