package content_test

import "testing"

func farFolder(t *testing.T) string {
	t.Helper()
	t.Skip("there is no second file system")
	return ""
}

type slowFile struct{}

func (s *stage) slowly(string) *slowFile { return &slowFile{} }

func (*slowFile) reach(string) {}

func (*slowFile) feed() {}

func (s *stage) restore(*testing.T) {}
