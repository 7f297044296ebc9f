// Package cli is the command line: the second face over the same services,
// with the same permission checks as the window.
//
// A command reads its flags, opens the data folder in the mode that it needs,
// asks the services, and hands back one answer: a JSON document, or tables and
// words. Run is the whole of it; it writes only to the writers of its Env and
// never ends the process.
package cli
