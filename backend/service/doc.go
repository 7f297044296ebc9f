// Package service holds the use cases that the faces share: what the window,
// the command line and other processes may ask for. Every method begins from
// the person who asks, and checks what that person may do; nothing below this
// package does, and nothing above it needs to.
package service
