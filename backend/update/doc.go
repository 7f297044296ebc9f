// Package update finds newer packages of the program on drives, for laptops
// without the Internet, and installs them.
//
// A drive with an update holds a list, nectar-update.json, with what is new and
// the names and SHA-256 of the packages, beside it the list's ed25519 signature
// and the packages themselves. They lie at the top of the drive or in a folder
// "Nectar" there. The key to compare with is part of the program. Nothing on a
// drive is trusted: a package is copied first, the copy is compared with the
// signed list, and that copy is used.
//
// A program in a user's own folder is replaced by a version beside it, and on
// Windows by the installer, both with a way back; see Trial. For the packages of
// Debian the system's own installer takes over.
package update
