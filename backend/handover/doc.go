// Package handover is the local channel between the process that owns a data
// folder and the others of the same user: two processes never write to one
// database, so the others hand their requests to the owner.
//
// The owner listens (Listen, Server) at a place that only this user may open
// and whose name is made from the data folder's path: a socket in the user's
// runtime folder, or a named pipe on Windows. Another process connects (Dial,
// Client) and asks for one thing: to carry out a command line, to show the
// window, to hand the folder over, or to end.
//
// A command line is carried out in the owner by the same code as anywhere
// else; its output streams back, and what it reads streams in when it asks
// for it. When the owner gives the folder up before a command has ended, the
// command is moved: its process is told where it stands (State), and goes on
// wherever the folder is then.
//
// Neither side trusts the other further than that it is the same user. The
// owner reads frames of limited length within limited time, and each client
// has a goroutine of its own, so that one that is slow, dead or mad holds
// nobody up. Who a person is and what they may do is decided by the owner's
// services alone.
package handover
