// Package opener shows a resource of the library to the person at the laptop.
//
// Video, audio, documents and pictures are given to the system's own program
// for such files. A page, which is a zip of HTML, is served from the zip to the
// system's browser: by a listener of its own on the loopback interface, below
// an unguessable token, with headers that leave it no network and no way out
// of its frame.
//
// What is in a channel comes from strangers. Only files of the content folder
// are opened, only by extensions that no system runs as a program; nothing is
// unpacked from a zip, and no name in it leads anywhere else.
package opener
