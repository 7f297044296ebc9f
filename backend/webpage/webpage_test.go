package webpage_test

import (
	"testing"
	"time"

	"nectar/backend/webpage"
)

func TestAPageThatEndsIsOpenedAgainAndSaysSoOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	page := &webpage.Page{Now: func() time.Time { return now }}
	if page.WasOpenedAgain() {
		t.Error("the first page says that it was opened again")
	}
	for range 3 {
		if !page.Ended() {
			t.Error("a page that ended is not opened again")
		}
		if !page.WasOpenedAgain() || page.WasOpenedAgain() {
			t.Error("the page does not say once that it was opened again")
		}
		now = now.Add(time.Minute)
	}
}

func TestAPageThatAlwaysEndsIsLeft(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	page := &webpage.Page{Now: func() time.Time { return now }}
	page.Ended()
	now = now.Add(time.Second)
	if page.Ended() {
		t.Error("a page that ends as soon as it is there is opened again and again")
	}
}
