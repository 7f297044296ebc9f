package server

import (
	"context"
	"net/http"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
)

var _ source.Stating = (*kolibri)(nil)

// DatabaseState implements source.Stating. The tag alone does not do: Kolibri keeps
// what it once said of a file for as long as it runs, although the file of a new
// version has taken its place meanwhile. Its list of channels knows of that.
func (k *kolibri) DatabaseState(ctx context.Context, id channel.ID) channel.DatabaseState {
	state := k.describe(ctx, k.database(id))
	if state == (channel.DatabaseState{}) {
		return state
	}
	listed, err := k.Lookup(ctx, string(id))
	if err != nil {
		return channel.DatabaseState{}
	}
	for _, l := range listed {
		if l.ID == id {
			state.Version = l.Version
			return state
		}
	}
	return channel.DatabaseState{}
}

// describe asks for the tag and the length of a thing alone.
func (k *kolibri) describe(ctx context.Context, what thing) channel.DatabaseState {
	s := stream{what: what}
	response, err := k.client.do(ctx, http.MethodHead, k.base+what.path, s.header(false), nil)
	if err != nil {
		return channel.DatabaseState{}
	}
	defer func() { _ = response.Body.Close() }()
	tag := what.tagOf(response.Header)
	plain := response.Header.Get("Content-Encoding") == ""
	if response.StatusCode != http.StatusOK || !promises(tag) || response.ContentLength <= 0 || !plain {
		return channel.DatabaseState{}
	}
	return channel.DatabaseState{Tag: tag, Size: response.ContentLength}
}
