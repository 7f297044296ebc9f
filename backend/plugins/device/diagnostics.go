package device

import (
	"context"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// DiagnosticsArgs are the arguments of device.diagnostics.
type DiagnosticsArgs struct {
	Path string `json:"path" jsonschema:"title=File,format=new-file,description=The full path of the .zip file to write. One that is there is replaced,example=Nectar.zip,minLength=1,maxLength=4096"`
}

// DiagnosticsResult is where the diagnostics are.
type DiagnosticsResult struct {
	Path string `json:"path"`
}

// diagnostics declares the task that collects what may interest whoever helps.
func (d Deps) diagnostics() task.Task[DiagnosticsArgs] {
	return task.Define(task.Spec[DiagnosticsArgs]{
		Name:         "device.diagnostics",
		Summary:      "Collect logs and settings, with names and paths removed",
		Permission:   task.CoordinatorOnly,
		Cancellable:  true,
		ExclusiveKey: func(a DiagnosticsArgs) string { return "file:" + a.Path },
		Validate:     checkTarget,
		Status:       diagnosticsStatus,
		Run: func(ctx context.Context, _ *task.Run, args DiagnosticsArgs) (any, error) {
			return DiagnosticsResult(args), d.Diagnose(ctx, args.Path)
		},
	})
}

func checkTarget(_ context.Context, request task.Request[DiagnosticsArgs]) (task.Validated[DiagnosticsArgs], error) {
	args := request.Args
	if err := fault.Invalid(atomicfile.RefuseTarget("path", args.Path, ".zip")...); err != nil {
		return task.Validated[DiagnosticsArgs]{}, err
	}
	args.Path = filepath.Clean(args.Path)
	return task.Validated[DiagnosticsArgs]{Args: args}, nil
}
