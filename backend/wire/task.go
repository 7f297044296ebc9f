package wire

// Task is one entry of the catalogue of what can be enqueued.
type Task struct {
	Name        string         `json:"name"`
	Summary     string         `json:"summary"`
	Plugin      string         `json:"plugin"`
	Queue       string         `json:"queue"`
	Priority    string         `json:"priority"`
	Cancellable bool           `json:"cancellable"`
	Pausable    bool           `json:"pausable"`
	LongRunning bool           `json:"long_running"`
	Permission  string         `json:"permission"`
	Schema      map[string]any `json:"schema"`
}
