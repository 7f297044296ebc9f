package transfer_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
)

func TestTwoRunsThatShareFiles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	sizes := make([]int, 60)
	for i := range sizes {
		sizes[i] = 1000 + i*1000
	}
	items := b.stick.items(sizes...)
	plan := b.plan(t, items)

	// Both runs begin before either ends.
	var meeting sync.WaitGroup
	meeting.Add(2)
	claims := &transfer.Claims{}
	results := make([]transfer.Result, 2)
	var runs sync.WaitGroup
	for i := range results {
		runs.Go(func() {
			from := &stick{files: b.stick.files}
			var once sync.Once
			from.opening = func(context.Context, channel.LocalFile) (source.File, error) {
				once.Do(func() { meeting.Done(); meeting.Wait() })
				return nil, nil
			}
			var err error
			results[i], err = transfer.Run(t.Context(), transfer.Config{
				Source: from, Content: b.content, Index: b.index, Claims: claims,
				Group: transfer.Group{Files: 5},
			}, plan)
			if err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()

	for i, r := range results {
		same(t, "all files of a run", r.FilesCopied+r.FilesPresent, len(items))
		if r.FilesCopied == 0 {
			t.Errorf("run %d left all of the work to the other", i)
		}
	}
	same(t, "copies of both", results[0].FilesCopied+results[1].FilesCopied, len(items))
	same(t, "files here", names(b.here(t, items)), names(items))
	same(t, "temporary files", len(b.temps(t)), 0)
	b.checkMemory(t)
}

func TestClaims(t *testing.T) {
	t.Parallel()

	t.Run("the second waits until the first lets go", func(t *testing.T) {
		t.Parallel()
		var claims transfer.Claims
		first, err := claims.Hold(t.Context(), "a")
		must(t, err)
		got := make(chan func())
		go func() {
			second, err := claims.Hold(t.Context(), "a")
			if err != nil {
				t.Error(err)
			}
			got <- second
		}()
		other, err := claims.Hold(t.Context(), "b")
		must(t, err)
		other()
		select {
		case <-got:
			t.Error("both hold the claim")
		default:
		}
		first()
		(<-got)()
	})

	t.Run("whoever waits can give up", func(t *testing.T) {
		t.Parallel()
		var claims transfer.Claims
		release, err := claims.Hold(t.Context(), "a")
		must(t, err)
		defer release()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := claims.Hold(ctx, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the cancellation", err)
		}
	})
}
