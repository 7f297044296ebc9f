package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// maxDatabase bounds a channel's database, in bytes.
const maxDatabase = 4 << 30

// thing is something that a server keeps.
type thing struct {
	path     string
	missing  *fault.Fault // what it is when the server does not have it
	unserved *fault.Fault // what it is when the server does not give it
	limit    int64        // of its bytes; 0 for none
	changes  bool         // there may be other bytes under the same name later
}

func (k *kolibri) database(id channel.ID) thing {
	return thing{
		path:     "/content/" + id.DatabasePath(),
		missing:  fault.New(fault.ChannelMissing, "channel", string(id), "path", k.base),
		unserved: fault.New(fault.BadAnswer, "path", k.base),
		limit:    maxDatabase,
		changes:  true,
	}
}

func (k *kolibri) stored(file channel.LocalFile) thing {
	return thing{
		path:     "/content/" + file.Path(),
		missing:  fault.New(fault.FileMissing, "file", file.Name()),
		unserved: fault.New(fault.FileNotServed, "file", file.Name()),
	}
}

// OpenDatabase implements source.Source.
func (k *kolibri) OpenDatabase(ctx context.Context, id channel.ID) (source.File, error) {
	return k.asFile(k.OpenDatabaseFrom(ctx, id, 0, ""))
}

// OpenFile implements source.Source.
func (k *kolibri) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	return k.asFile(k.OpenFileFrom(ctx, file, 0))
}

func (k *kolibri) asFile(part source.Part, err error) (source.File, error) {
	if err != nil {
		return nil, err
	}
	return part, nil
}

// OpenDatabaseFrom implements source.Ranged.
func (k *kolibri) OpenDatabaseFrom(ctx context.Context, id channel.ID, from int64, tag string) (source.Part, error) {
	return k.open(ctx, k.database(id), from, tag)
}

// OpenFileFrom implements source.Ranged.
func (k *kolibri) OpenFileFrom(ctx context.Context, file channel.LocalFile, from int64) (source.Part, error) {
	return k.open(ctx, k.stored(file), from, "")
}

func (k *kolibri) open(ctx context.Context, what thing, from int64, tag string) (source.Part, error) {
	s := &stream{server: k, what: what, ctx: ctx, at: from, size: -1, tag: tag}
	err := s.connect(true)
	if err != nil {
		err = s.resume(err)
	}
	if err != nil {
		return nil, err
	}
	s.start, s.opened = s.at, true
	return s, nil
}

// stream reads a thing of a server, over as many answers as that takes.
type stream struct {
	server *kolibri
	what   thing
	ctx    context.Context //nolint:containedctx // of whoever reads
	start  int64           // where reading began
	at     int64           // the byte that comes next
	size   int64           // of the whole; -1 when unknown
	tag    string          // names this state of the thing
	opened bool            // somebody reads: what comes must go on from at
	tries  int             // since the last byte came

	body io.Closer // nil when there is no answer
	in   io.Reader
}

// Size implements source.File.
func (s *stream) Size() int64 { return s.size }

// Start implements source.Part.
func (s *stream) Start() int64 { return s.start }

// Tag implements source.Part.
func (s *stream) Tag() string { return s.tag }

// Close implements source.File.
func (s *stream) Close() error {
	if s.body == nil {
		return nil
	}
	err := s.body.Close()
	s.body = nil
	return err
}

// Read implements source.File.
func (s *stream) Read(p []byte) (int, error) {
	brake := &s.server.client.brake
	for {
		n, err := s.in.Read(brake.portion(p))
		if n > 0 {
			s.at += int64(n)
			s.tries = 0
			if s.what.limit > 0 && s.at > s.what.limit {
				return 0, s.what.unserved.Because(errors.New("it does not end"))
			}
			return n, brake.spend(s.ctx, n)
		}
		if err == nil {
			continue
		}
		switch ended := errors.Is(err, io.EOF); {
		case ended && s.size < 0, s.size >= 0 && s.at >= s.size:
			return 0, io.EOF
		case ended:
			err = io.ErrUnexpectedEOF
		}
		if err := s.resume(err); err != nil {
			return 0, err
		}
	}
}

// resume asks for the rest after an answer broke off.
func (s *stream) resume(cause error) error {
	pauses := s.server.client.pauses
	for s.mayTry(cause) && s.tries < len(pauses) {
		if err := wait(s.ctx, max(pauses[s.tries], askedFor(cause))); err != nil {
			return err
		}
		s.tries++
		_ = s.Close()
		if cause = s.connect(true); cause == nil {
			return nil
		}
	}
	_ = s.Close()
	return s.giveUp(cause)
}

// askedFor answers the pause that the server asked for.
func askedFor(cause error) time.Duration {
	var status *statusError
	if errors.As(cause, &status) {
		return status.after
	}
	return 0
}

// mayTry reports whether asking again may help soon.
func (s *stream) mayTry(cause error) bool {
	var made *fault.Fault
	var status *statusError
	var senseless *nonsense
	switch {
	case s.ctx.Err() != nil, errors.As(cause, &made), errors.As(cause, &senseless), unreached(cause):
		return false
	case errors.As(cause, &status):
		return status.busy()
	}
	return true
}

// giveUp makes the fault of what could not be read.
func (s *stream) giveUp(cause error) error {
	var made *fault.Fault
	var status *statusError
	var senseless *nonsense
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case errors.As(cause, &made):
		return cause
	case errors.As(cause, &senseless), errors.As(cause, &status) && !status.busy():
		return s.what.unserved.Because(cause)
	}
	return explain(s.ctx, cause, fault.SourceGone, s.server.base)
}

func wait(ctx context.Context, pause time.Duration) error {
	if pause <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// connect asks for what comes from at on, or for the whole where the server
// does not give parts of it.
func (s *stream) connect(ranged bool) error {
	ranged = ranged && s.at > 0
	response, err := s.server.client.do(s.ctx, "GET", s.server.base+s.what.path, s.header(ranged), nil)
	if err != nil {
		return err
	}
	switch response.StatusCode {
	case http.StatusOK:
		return s.take(response)
	case http.StatusPartialContent:
		if ranged && s.fits(response.Header) {
			s.size, _ = totalOf(response.Header.Get("Content-Range"), s.at)
			s.tag = s.what.tagOf(response.Header)
			s.body, s.in = response.Body, response.Body
			return nil
		}
	case http.StatusRequestedRangeNotSatisfiable:
	case http.StatusNotFound, http.StatusGone:
		_ = response.Body.Close()
		return s.what.missing.Because(statusOf(response))
	default:
		_ = response.Body.Close()
		return statusOf(response)
	}
	_ = response.Body.Close()
	if !ranged {
		return &nonsense{fmt.Errorf("answered with a part (status %d) when asked for the whole", response.StatusCode)}
	}
	return s.connect(false)
}

func (s *stream) header(ranged bool) http.Header {
	header := http.Header{"Accept-Encoding": {"identity"}}
	if s.what.changes {
		header.Set("Cache-Control", "no-cache")
	}
	if ranged {
		header.Set("Range", fmt.Sprintf("bytes=%d-", s.at))
		if promises(s.tag) {
			header.Set("If-Range", s.tag)
		}
	}
	return header
}

// fits reports whether a part of the thing goes on from at, and is of the
// state that was read so far.
func (s *stream) fits(header http.Header) bool {
	total, ok := totalOf(header.Get("Content-Range"), s.at)
	same := s.tag == "" || s.what.tagOf(header) == s.tag
	known := s.size < 0 || total == s.size
	return ok && same && known && header.Get("Content-Encoding") == ""
}

// totalOf reads the length of the whole from "bytes FROM-TO/TOTAL". It reports
// false for a part that does not begin there and go on to the end.
func totalOf(contentRange string, from int64) (int64, bool) {
	rest, isBytes := strings.CutPrefix(contentRange, "bytes ")
	span, total, hasTotal := strings.Cut(rest, "/")
	first, last, isSpan := strings.Cut(span, "-")
	if !isBytes || !hasTotal || !isSpan {
		return -1, false
	}
	a, errA := strconv.ParseInt(first, 10, 64)
	b, errB := strconv.ParseInt(last, 10, 64)
	n, errN := strconv.ParseInt(total, 10, 64)
	if errA != nil || errB != nil || errN != nil || a != from || b != n-1 || b < a {
		return -1, false
	}
	return n, true
}

// take goes on with an answer that is the whole thing.
func (s *stream) take(response *http.Response) error {
	tag := s.what.tagOf(response.Header)
	size := response.ContentLength
	plain, err := unpacked(response)
	if err != nil {
		_ = response.Body.Close()
		return &nonsense{err}
	}
	if plain != io.Reader(response.Body) {
		size = -1 // that of the packed bytes
	}
	s.body, s.in = response.Body, plain
	if !s.opened {
		s.at, s.size, s.tag = 0, size, tag
		return nil
	}
	if s.what.changes && tag != s.tag {
		return &nonsense{errors.New("is another than it was")}
	}
	_, err = io.CopyN(io.Discard, plain, s.at)
	return err
}
