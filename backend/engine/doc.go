// Package engine runs jobs: it stores them, wakes when one is due, gives it
// to a worker by the rules of the pool, runs one attempt, and decides what
// becomes of the job afterwards.
//
// Roles, one to a file: the dispatcher picks jobs from the ready queue by the
// pool's rule; the runner executes one attempt and contains its panics; the
// handle collects what the attempt says; the scribe stores that a few times a
// second; the bus tells whoever watches; recovery puts right what a dead
// process left behind; the lookout keeps the jobs that wait for a thing of the
// world until it is there. The lifecycle file holds the decisions alone, as
// functions of a job, without time, threads or storage.
//
// Nothing polls. The dispatcher sleeps until a job is enqueued or ends, a due
// time comes, or a setting changes; the lookout until the world says that
// something changed.
//
// The engine knows no SQL, no channels and no windows. One engine owns a
// store at a time.
package engine
