package drive

import "context"

// Machine is this machine, for those who want its drives behind an interface.
type Machine struct{}

// List is the function List.
func (Machine) List(ctx context.Context) ([]Drive, error) { return List(ctx) }

// At is the function At.
func (Machine) At(path string) (Drive, error) { return At(path) }

// Attached is the function Attached.
func (Machine) Attached(d Drive) bool { return Attached(d) }

// Mounted is the function Mounted.
func (Machine) Mounted(ctx context.Context, id string) bool { return Mounted(ctx, id) }

// Watch is the function Watch.
func (Machine) Watch(ctx context.Context, changed func()) error { return Watch(ctx, changed) }
