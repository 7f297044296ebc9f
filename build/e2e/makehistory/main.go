// Makehistory writes a long history of jobs into a data folder, for the
// benchmark of the window.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"nectar/backend/datadir"
	"nectar/backend/store"
	"nectar/backend/task"
)

// batch is how many jobs are stored at once.
const batch = 1000

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	count := flag.Int("jobs", 100_000, "how many jobs")
	flag.Parse()
	if flag.NArg() != 1 {
		return fmt.Errorf("want the data folder")
	}
	folder, err := datadir.Open(flag.Arg(0))
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, folder.Database(), store.Options{Unsynced: true})
	if err != nil {
		return err
	}
	defer func() {
		if closed := st.Close(); err == nil {
			err = closed
		}
	}()
	for first := 0; first < *count; first += batch {
		drafts := make([]task.Draft, 0, batch)
		for i := first; i < min(first+batch, *count); i++ {
			drafts = append(drafts, task.Draft{Job: job(i, *count)})
		}
		if _, err := st.Insert(ctx, drafts); err != nil {
			return err
		}
	}
	return nil
}

// job is the job of a number; the last one is of now, one every quarter of an
// hour before.
func job(number, count int) *task.Job {
	state := task.Completed
	if number%10 == 0 {
		state = task.Failed
	}
	at := time.Now().Add(time.Duration(number-count) * 15 * time.Minute)
	return &task.Job{
		Task: "device.backup", State: state, Queue: "device", Priority: task.Regular, Args: json.RawMessage(`{}`),
		Cancellable: true, Due: at, Created: at, Started: at, Finished: at.Add(time.Minute), Attempts: 1,
	}
}
