package notice_test

import (
	"testing"

	"nectar/backend/notice"
	"nectar/backend/notice/noticetest"
	"nectar/backend/power/bustest"
)

// open answers a desktop that shows what it is told, where clicks lead, and the
// program's side of it.
func open(t *testing.T) (desktop *noticetest.Desktop, ours *notice.Desktop, shown chan noticetest.Shown, places chan string) {
	t.Helper()
	address := bustest.Start(t)
	shown, places = make(chan noticetest.Shown, 8), make(chan string, 8)
	desktop, err := noticetest.Serve(bustest.Connect(t, address), func(one noticetest.Shown) { shown <- one })
	if err != nil {
		t.Fatal(err)
	}
	ours, err = notice.Open(address, func(place string) { places <- place })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ours.Close)
	return desktop, ours, shown, places
}

func TestAClickLeadsToItsPlaceAndADismissalNowhere(t *testing.T) {
	t.Parallel()
	desktop, ours, shown, places := open(t)
	for _, place := range []string{"/jobs/1", "/jobs/2", "/jobs/3"} {
		if err := ours.Show("Importing "+place, "Done", place); err != nil {
			t.Fatal(err)
		}
	}
	first, second, third := <-shown, <-shown, <-shown
	for _, tell := range []error{desktop.Dismiss(first.ID), desktop.Click(second.ID), desktop.Click(second.ID), desktop.Click(99), desktop.Click(third.ID)} {
		if tell != nil {
			t.Fatal(tell)
		}
	}
	// They are told of in order: what had come of the others would have come before.
	if one, other := <-places, <-places; one != "/jobs/2" || other != "/jobs/3" {
		t.Errorf("led to %s and %s, want the two that were clicked, each once", one, other)
	}
}

func TestANotificationIsShownAsTheProgramsOwn(t *testing.T) {
	t.Parallel()
	_, ours, shown, _ := open(t)
	if err := ours.Show("Importing A <b> & C", "Plug in <b>A & B</b>", "/home"); err != nil {
		t.Fatal(err)
	}
	got := <-shown
	if got.App != "Nectar" || got.Icon != "nectar" || got.Title != "Importing A <b> & C" {
		t.Errorf("shown as %+v", got)
	}
	if want := "Plug in &lt;b&gt;A &amp; B&lt;/b&gt;"; got.Text != want {
		t.Errorf("the text is %q, want %q: this desktop reads markup", got.Text, want)
	}
	if len(got.Actions) != 2 || got.Actions[0] != "default" {
		t.Errorf("it can be clicked by %q, want by itself alone", got.Actions)
	}
}

func TestWithoutADesktopItIsSaid(t *testing.T) {
	t.Parallel()
	if _, err := notice.Open(bustest.Start(t), nil); err == nil {
		t.Error("nobody shows notifications here, and it is not said")
	}
}
