package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"nectar/backend/channel/channeltest"
)

// served is a content folder at the addresses of a Kolibri server.
type served struct {
	base   string
	made   *channeltest.Channel
	server *http.Server
}

// serve serves the content folder on the loopback interface until it is
// closed.
func serve(ctx context.Context, made *channeltest.Channel, content string) (*served, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &served{base: "http://" + listener.Addr().String(), made: made}
	routes := http.NewServeMux()
	routes.Handle("/content/", http.StripPrefix("/content/", http.FileServer(http.Dir(content))))
	routes.HandleFunc("/api/public/info/", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"application": "kolibri", "kolibri_version": "0.18.0", "instance_id": strings.Repeat("a", 32), "device_name": "bench",
			"operating_system": "Linux", "subset_of_users_device": false, "min_content_schema_version": "5",
		})
	})
	routes.HandleFunc("/api/public/v1/channels/", s.channels)
	routes.HandleFunc("/api/public/v1/channels", s.channels)
	s.server = &http.Server{Handler: routes} //nolint:gosec // nobody else reaches it
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

func (s *served) channels(w http.ResponseWriter, _ *http.Request) {
	resources, size := s.made.Totals()
	answer(w, []map[string]any{{
		"id": s.made.ID, "name": s.made.Name, "language": "en", "included_languages": []string{"en"}, "description": "", "tagline": nil,
		"total_resource_count": resources, "version": s.made.Version, "published_size": size,
		"last_published": "2026-11-23 12:03:10.491953(Etc/UTC)", "icon_encoding": "", "matching_tokens": []string{}, "public": nil,
	}})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // whoever asked may have gone
}

// list writes the addresses of the database and of all files for curl.
func (s *served) list(path string) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	paths := []string{s.made.ID.DatabasePath()}
	_, wanted := s.made.Wanted(s.made.Root)
	for _, file := range wanted {
		paths = append(paths, file.Path())
	}
	for _, below := range paths {
		if _, err := fmt.Fprintf(out, "url = %q\noutput = %q\n", s.base+"/content/"+below, below); err != nil {
			return err
		}
	}
	return nil
}

func (s *served) close() { _ = s.server.Close() }
