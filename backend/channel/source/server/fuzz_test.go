package server_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
)

// Whatever a server answers, byte by byte, it is refused with a code of its own
// or gives channels that have ids and files no longer than they may be.
func FuzzAnswers(f *testing.F) {
	const info = `{"application": "kolibri", "instance_id": "8ab2f7b1c2c94d3fb1c0e6a1f5f60a27", "device_name": "Room 3"}`
	const list = `[{"id": "1ceff53605e55bef987d88e0908658c5", "name": "Plain", "version": 3, "total_resource_count": 7, "published_size": 9, "included_languages": ["en"]}]`
	const id = channel.ID("1ceff53605e55bef987d88e0908658c5")
	whole := func(body string) []byte {
		return []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body)
	}
	f.Add(whole(info), whole(list), whole("bytes"))
	f.Add(whole(info), whole(strings.Replace(list, "1ceff5", "../../", 1)), []byte("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 9-2/4\r\n\r\nx"))
	f.Add(whole(strings.ToUpper(info)), whole("[]"), []byte("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"))
	f.Add(whole(info), whole(`{"a": [[[[`), []byte("HTTP/1.1 503 Busy\r\nRetry-After: 99999999999999999999\r\nConnection: close\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n"), []byte("\x00\xff"), []byte(""))
	f.Add(whole(info), whole(list), []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"))
	var config net.ListenConfig
	f.Fuzz(func(t *testing.T, info, list, file []byte) {
		listener, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
		if err != nil {
			t.Skip(err)
		}
		go answer(listener, info, list, file)
		defer func() { _ = listener.Close() }()
		client := newClient(t, server.Config{Patience: time.Second, Pauses: []time.Duration{0}})
		opened, err := client.Open(t.Context(), "http://"+listener.Addr().String())
		if explained(t, err); err != nil {
			return
		}
		found, err := opened.Channels(t.Context())
		explained(t, err)
		if finder, is := opened.(source.Finder); is {
			_, err := finder.Lookup(t.Context(), "nakav-mafak")
			explained(t, err)
		}
		for _, c := range found {
			if _, err := channel.ParseID(string(c.ID)); err != nil {
				t.Errorf("the server offers the channel %q", c.ID)
			}
			if c.Size < 0 || c.Resources < 0 {
				t.Errorf("the server offers %d resources with %d bytes", c.Resources, c.Size)
			}
		}
		opening, err := opened.OpenDatabase(t.Context(), id)
		explained(t, err)
		if err == nil {
			if _, err = io.Copy(io.Discard, io.LimitReader(opening, 1<<20)); err != nil {
				explained(t, err)
			}
			_ = opening.Close()
		}
	})
}

// answer says the same to whatever is asked of it.
func answer(listener net.Listener, info, list, file []byte) {
	for {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = c.Close() }()
			asked := make([]byte, 4096)
			n, _ := c.Read(asked)
			line, _, _ := strings.Cut(string(asked[:n]), "\r\n")
			say := file
			switch {
			case strings.Contains(line, "/api/public/info"):
				say = info
			case strings.Contains(line, "/api/"):
				say = list
			}
			_, _ = c.Write(say)
		}()
	}
}

func explained(t *testing.T, err error) {
	t.Helper()
	if err != nil && fault.CodeOf(err) == fault.Internal {
		t.Errorf("refused without a reason: %v", err)
	}
}
