package backend

import (
	"log/slog"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// OpenLog answers a logger that writes to a file in the folder, and how to
// close it. The file is rotated at 5 MB; three old ones are kept. What cannot
// be written is dropped: a full disk must not stop the program over its log.
func OpenLog(folder string) (*slog.Logger, func()) {
	file := &lumberjack.Logger{Filename: filepath.Join(folder, "nectar.log"), MaxSize: 5, MaxBackups: 3}
	return slog.New(slog.NewJSONHandler(file, nil)), func() { _ = file.Close() }
}
