package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/handover"
)

// caller asks the program for this and that, as people and scripts do, and
// notes what it is told.
type caller struct {
	name   string
	direct bool // asks over the local channel, instead of by a process a time
	laptop *laptop
	world  *world
	ledger *ledger
	chance *rand.Rand
	rig    *rig

	asked  int
	stands int      // jobs that it asked for and was told of
	own    []string // of them those that it still knows
	// next is what it asks for; anything of this file when nil.
	next func() request

	mu  sync.Mutex
	now *process // guarded by mu: the command under way
}

// answer is what became of a command.
type answer struct {
	status int
	stdout []byte
}

// keepCalling calls until the context ends, and finishes what it has begun.
func (c *caller) keepCalling(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := c.callOnce(); err != nil {
			return fmt.Errorf("caller %s: %w", c.name, err)
		}
	}
	return nil
}

func (c *caller) callOnce() error {
	switch what := c.chance.IntN(100); {
	case what < 30:
		return c.enqueue()
	case what < 55:
		return c.order()
	case what < 58:
		return c.watch()
	case len(c.own) > 0:
		return c.manage()
	}
	return nil
}

// run carries out a command that can be killed from outside. It answers nil
// for one that was, or whose answer was lost with the owner.
func (c *caller) run(input string, args ...string) (*answer, error) {
	c.rig.did("commands", 1)
	args = append([]string{"--json"}, args...)
	if c.direct {
		return c.handOver(input, args)
	}
	c.laptop.input = input
	p, err := c.laptop.start(args...)
	if err != nil {
		return nil, err
	}
	c.under(p)
	defer c.under(nil)
	if err := p.wait(context.Background(), patience); err != nil {
		return nil, err
	}
	if status := p.status(); status == 0 || status == 2 || status == 3 {
		return &answer{status, p.stdout.Bytes()}, nil
	}
	if p.status() > 3 {
		return nil, p.failed()
	}
	return nil, nil // killed, or the owner was
}

// handOver lets the owner carry out the command, as a process would. Without an
// owner nothing is done, which is as good as a refusal.
func (c *caller) handOver(input string, args []string) (*answer, error) {
	client, err := handover.Dial(context.Background(), c.laptop.folder)
	if err != nil {
		return &answer{status: 2}, pause(context.Background(), 10*time.Millisecond)
	}
	var stdout, stderr bytes.Buffer
	outcome, err := client.Run(context.Background(), handover.Command{Args: args, Dir: c.rig.folder, Language: "en"},
		handover.Console{Stdin: strings.NewReader(input), Stdout: &stdout, Stderr: &stderr})
	switch {
	case handover.IsNobody(err):
		return &answer{status: 2}, nil
	case err != nil || outcome.Moved || outcome.Status == 1:
		return nil, nil //nolint:nilerr // the owner was killed, or ends
	case outcome.Status > 3:
		return nil, fmt.Errorf("%q ended with %d: %s", args, outcome.Status, stderr.String())
	}
	return &answer{outcome.Status, stdout.Bytes()}, nil
}

func (c *caller) under(p *process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = p
}

// kill kills the command under way.
func (c *caller) kill() {
	c.mu.Lock()
	p := c.now
	c.mu.Unlock()
	if p != nil {
		p.kill()
	}
}

// request is a job that is asked for.
type request map[string]any

// enqueue asks for some jobs at once.
func (c *caller) enqueue() error {
	jobs := make([]request, 1+c.chance.IntN(8))
	for i := range jobs {
		if c.next != nil {
			jobs[i] = c.next()
		} else {
			jobs[i] = c.anything()
		}
		c.asked++
		id := c.name + "-" + strconv.Itoa(c.asked)
		jobs[i]["request_id"] = id
		c.ledger.ask(id)
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		return err
	}
	return c.stored(jobs, string(input), "enqueue", "-")
}

// anything is a job of some kind, due now, later or again.
func (c *caller) anything() request {
	r := request{"type": "reports.jobs_csv", "path": filepath.Join(c.laptop.folder, "..", "jobs-"+c.name+".csv")}
	switch c.chance.IntN(6) {
	case 0:
		r = request{"type": "device.backup"}
	case 1:
		r = request{"type": "content.verify"}
	case 2:
		r = request{"type": "device.retention"}
	case 3:
		r = request{"type": "reports.library_csv", "path": filepath.Join(c.laptop.folder, "..", "library-"+c.name+".csv")}
	}
	switch c.chance.IntN(8) {
	case 0:
		r["enqueue_args"] = request{"enqueue_in": 86400}
	case 1:
		r["enqueue_args"] = request{"cron": "@weekly"}
	case 2:
		r["enqueue_args"] = request{"enqueue_in": 0, "repeat": 2, "repeat_interval": 1}
	}
	return r
}

// order asks for something to be done with a channel, and leaves.
func (c *caller) order() error {
	verb, id, rest := c.channelCommand()
	return c.stored(nil, "", append([]string{verb, id, "--no-wait"}, rest...)...)
}

// channelCommand answers a command, the channel it is about, and the rest of it.
func (c *caller) channelCommand() (verb, id string, rest []string) {
	pick := c.world.channels[c.chance.IntN(len(c.world.channels))]
	id = string(pick.ID)
	switch c.chance.IntN(10) {
	case 0, 1:
		return "import", id, []string{"--from", c.world.server.URL}
	case 2:
		return "export", id, []string{"--to", c.world.out}
	case 3:
		return "delete", id, nil
	case 4:
		return "verify", id, []string{"--repair-from", c.world.drive}
	case 5:
		return "update", string(c.world.channels[0].ID), []string{"--from", c.world.newer}
	case 6:
		if topic := pick.Node(channeltest.Videos); topic != nil {
			return "import", id, []string{"--from", c.world.drive, "--node", string(topic.ID)}
		}
	}
	return "import", id, []string{"--from", c.world.drive}
}

// watch asks for work with a channel and waits for it, as a person at a terminal
// does. Without an owner the command is one itself.
func (c *caller) watch() error {
	verb, id, rest := c.channelCommand()
	_, err := c.run("", append([]string{verb, id}, rest...)...)
	c.ledger.waited(id)
	return err
}

// stored carries out a command that stores jobs and answers them.
func (c *caller) stored(asked []request, input string, args ...string) error {
	begun := c.ledger.moment()
	p, err := c.run(input, args...)
	if err != nil || p == nil {
		return err
	}
	if p.status == 2 { // refused: nothing was stored
		for _, r := range asked {
			c.ledger.declined(fmt.Sprint(r["request_id"]))
		}
		return nil
	}
	jobs, err := jobsOf(p.stdout)
	if err != nil {
		return err
	}
	c.ledger.answered(begun, jobs...)
	c.stands += len(jobs)
	for _, j := range jobs {
		c.own = append(c.own, j.ID)
	}
	return nil
}

// jobsOf reads one job or a list of them.
func jobsOf(text []byte) (jobs []told, err error) {
	if err = json.Unmarshal(text, &jobs); err == nil {
		return jobs, nil
	}
	jobs = make([]told, 1)
	if err := json.Unmarshal(text, &jobs[0]); err != nil {
		return nil, fmt.Errorf("%w in %s", err, clip(string(text)))
	}
	return jobs, nil
}

// verbs are what is asked of jobs. Those that begin a run are so marked.
var verbs = []struct {
	name string
	runs bool
}{
	{"cancel", false}, {"cancel", false}, {"pause", false}, {"pause", false}, {"resume", false}, {"run-now", true}, {"restart", true}, {"delete", false}, {"first", false},
}

// manage asks something of one of its jobs.
func (c *caller) manage() error {
	at := c.chance.IntN(len(c.own))
	id := c.own[at]
	verb := verbs[c.chance.IntN(len(verbs))]
	asked := c.ledger.asking(id, verb.runs)
	p, err := c.run("", "jobs", verb.name, id)
	switch {
	case err != nil || p == nil:
		asked.lost()
		return err
	case p.status == 2:
		asked.refused()
	case verb.name == "delete":
		asked.ended()
		c.own = append(c.own[:at], c.own[at+1:]...)
		c.ledger.removed(id)
	default:
		jobs, err := jobsOf(p.stdout)
		if err != nil {
			return err
		}
		asked.done(jobs...)
	}
	return nil
}
