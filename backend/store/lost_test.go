package store_test

import (
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/store"
)

func TestOnlyWhatIsRememberedIsLostAndRestored(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	file := func(n byte) channel.LocalFile {
		return channel.LocalFile{Checksum: channel.Checksum{n}, Extension: "mp4", Size: 10}
	}
	known, lost, spoilt, stranger := file(1), file(2), file(3), file(4)
	otherwise := known
	otherwise.Extension = "m4v"
	remember := func(files ...channel.LocalFile) {
		t.Helper()
		for _, f := range files {
			if err := s.RememberFiles(t.Context(), []store.VerifiedFile{{LocalFile: f, Modified: 5}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	lose := func(f channel.LocalFile, damaged bool) int {
		t.Helper()
		n, err := s.LoseFiles(t.Context(), []store.LostFile{{LocalFile: f, Damaged: damaged}})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	remember(known, lost)
	for f, want := range map[channel.LocalFile]int{lost: 1, stranger: 0, otherwise: 0} {
		if got := lose(f, false); got != want {
			t.Errorf("%d of %v are lost, want %d", got, f, want)
		}
	}
	if got := lose(lost, false); got != 1 {
		t.Errorf("what is lost already is lost %d times", got)
	}
	if got := lose(spoilt, true); got != 1 { // it lies there, whoever put it there
		t.Errorf("%d damaged ones are lost", got)
	}
	var whole []store.VerifiedFile
	for _, f := range []channel.LocalFile{known, lost, spoilt, stranger} {
		whole = append(whole, store.VerifiedFile{LocalFile: f, Modified: 7})
	}
	if unwanted, err := s.RestoreFiles(t.Context(), whole); err != nil || !slices.Equal(unwanted, []channel.Checksum{stranger.Checksum}) {
		t.Errorf("unwanted are %v, %v", unwanted, err)
	}
	found, err := s.VerifiedFiles(t.Context(), []channel.Checksum{known.Checksum, lost.Checksum, spoilt.Checksum, stranger.Checksum})
	if err != nil || len(found) != 3 || found[lost.Checksum] != whole[1] {
		t.Errorf("remembered are %v, %v", found, err)
	}
	if left, err := s.LostFiles(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("lost are %v, %v", left, err)
	}
	lose(spoilt, true)
	for _, f := range []channel.LocalFile{known, spoilt} {
		if err := s.ForgetLost(t.Context(), f.Checksum); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s.LostFiles(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("lost are %v, %v", left, err)
	}
}
