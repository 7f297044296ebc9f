package library_test

import (
	"context"
	"errors"
	"testing"

	"nectar/backend/library"
)

func TestEnter(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	enter := func(use library.Use, want error) func() {
		t.Helper()
		leave, err := s.Enter(use)
		if !errors.Is(err, want) || s.Free(use) && want != nil {
			t.Fatalf("entering says %v, want %v", err, want)
		}
		return leave
	}
	reads := enter(library.Reading, nil)
	writes := enter(library.Writing, nil)
	enter(library.Alone, library.ErrBusy)
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan struct{}, 10)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.WatchUse(ctx, func() { told <- struct{}{} })
	}()
	<-told // once at the start
	reads()
	<-told
	enter(library.Alone, library.ErrBusy)
	writes()
	<-told
	alone := enter(library.Alone, nil)
	for _, use := range []library.Use{library.Reading, library.Writing, library.Alone} {
		enter(use, library.ErrBusy)
	}
	alone()
	<-told
	enter(library.Reading, nil)()
	cancel()
	<-watched
}
