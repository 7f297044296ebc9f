package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Removal answers what a deletion would remove and what would stay, and
// changes nothing.
func (l *Library) Removal(ctx context.Context, person auth.Person, request library.RemovalRequest) (library.Removal, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return library.Removal{}, fault.New(fault.Forbidden)
	}
	return l.library.PlanRemoval(ctx, request)
}
