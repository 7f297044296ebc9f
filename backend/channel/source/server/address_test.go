package server_test

import (
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel/source/server"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/fault"
)

// TestAKolibriIsLookedForWhereKolibriLooks: the schemes, ports and paths of an
// address, in Kolibri's order.
func TestAKolibriIsLookedForWhereKolibriLooks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, reference string
		want            []string
	}{
		{"without a port at all those of Kolibri", "http://laptop", []string{
			"http://laptop:8080", "http://laptop", "http://laptop:8008", "http://laptop:8000", "http://laptop:5000",
		}},
		{"with a port there first, and then at Kolibri's", "http://laptop:8009", []string{
			"http://laptop:8009", "http://laptop:8080", "http://laptop", "http://laptop:8008", "http://laptop:8000", "http://laptop:5000",
		}},
		{"with one of Kolibri's ports there first, and there once", "http://laptop:8008/", []string{
			"http://laptop:8008", "http://laptop:8080", "http://laptop", "http://laptop:8000", "http://laptop:5000",
		}},
		{"without a scheme first by http and then by https", "Laptop.local:8009", []string{
			"http://laptop.local:8009", "https://laptop.local:8009", "http://laptop.local:8080", "http://laptop.local",
			"http://laptop.local:8008", "http://laptop.local:8000", "http://laptop.local:5000", "https://laptop.local",
		}},
		{"with https at its one port", "HTTPS://laptop", []string{"https://laptop"}},
		{"with https and a port there first", "https://laptop:8443", []string{"https://laptop:8443", "https://laptop"}},
		{"with https and its one port there once", "https://laptop:443", []string{"https://laptop"}},
		{"with a path below it, and then beside it", "https://laptop/school/kolibri/", []string{
			"https://laptop/school/kolibri", "https://laptop",
		}},
		{"with an IPv6 address in brackets", "http://[FE80::1]", []string{
			"http://[fe80::1]:8080", "http://[fe80::1]", "http://[fe80::1]:8008", "http://[fe80::1]:8000", "http://[fe80::1]:5000",
		}},
		{"with an IPv6 address and a port", "[fe80::1]:443", []string{
			"http://[fe80::1]:443", "https://[fe80::1]", "http://[fe80::1]:8080", "http://[fe80::1]", "http://[fe80::1]:8008",
			"http://[fe80::1]:8000", "http://[fe80::1]:5000",
		}},
		{"Studio where Studio is", "studio", []string{"https://studio.learningequality.org"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			got, err := newClient(t, server.Config{}).Candidates(c.reference)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reference, diff)
			}
		})
	}

	for _, reference := range []string{"http://", "http://:8080", "http://laptop:0", "http://laptop:http", "http://me:secret@laptop", "http://lap top"} {
		if got, err := newClient(t, server.Config{}).Candidates(reference); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("%s is looked for at %v, %v", reference, got, err)
		}
	}
}

func TestAKolibriAtAnotherPortThanWasNamedIsFound(t *testing.T) {
	t.Parallel()
	named, usual := servertest.Start(t, t.TempDir()), servertest.Start(t, t.TempDir())
	_, port, err := net.SplitHostPort(usual.Address())
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, server.Config{Ports: []string{port}})

	if info := open(t, client, named.URL).Info(); info.URL != named.URL || len(usual.Requests("info")) > 0 {
		t.Errorf("where a Kolibri answers that is taken for one at %s", info.URL)
	}
	named.Fail("info", 1, servertest.Nonsense())
	if opened, err := client.Open(t.Context(), named.URL); fault.CodeOf(err) != fault.NotKolibri {
		t.Errorf("where something else answers it says %v, %v", opened, err)
	}
	named.Stop()
	for _, reference := range []string{named.URL, named.Address(), named.URL + "/en/learn"} {
		if info := open(t, client, reference).Info(); info.URL != usual.URL {
			t.Errorf("%s is taken for %s, want %s", reference, info.URL, usual.URL)
		}
	}
	usual.Stop()
	for _, reference := range []string{named.URL, "http://127.0.0.1"} {
		_, err := client.Open(t.Context(), reference)
		if fault.CodeOf(err) != fault.SourceMissing || fault.Of(err).Params["path"] != reference {
			t.Errorf("where nothing answers it says %v", err)
		}
	}
}
