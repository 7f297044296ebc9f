// Package task is the vocabulary of the task system: what a task declares,
// what a job is, which states it passes through, and who may do what with it.
//
// A task is a registered kind of work. A job is one persisted request to run
// a task with given arguments. An attempt is one execution of a job.
//
// The states and their legal moves:
//
//	PENDING ──► SCHEDULED ──► QUEUED ──► SELECTED ──► RUNNING ──► COMPLETED
//	               ▲  ▲         ▲  ▲         │         │ │ │ ╲──► FAILED
//	               │  ╰─────────┼──┼── retry, repeat ──╯ │ ╰────► PAUSED
//	               │            │  ╰─ interrupted, waits ╯
//	               │            │                        ╰──► CANCELING ──► CANCELED
//	               ╰─ reschedule, restart ── any job at rest
//
// A waiting job (SCHEDULED, QUEUED, SELECTED, PAUSED) can become CANCELED at
// once. CanMove is the truth; this picture is an aid.
package task
