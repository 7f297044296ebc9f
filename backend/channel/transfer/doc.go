// Package transfer brings the files of a channel from a source into a content
// folder: it plans what is missing, copies and verifies it, and can be stopped
// and taken up again at any instant.
//
// # What is here
//
// A file counts as here when the Index remembers that its bytes were verified
// and the file still has the size and the time of that moment. A file that
// lies in its place without being remembered is read and compared with its
// name before it is trusted, and replaced when it is wrong.
//
// # Power cuts
//
// Files are written under a temporary name and become real in groups: the
// bytes of a whole group are flushed to the disk, the files get their names,
// the names are flushed, and only then does the Index learn of them. Many files of
// a folder of the storage that is not there yet are written under their own names
// into one of a temporary name, and it is the folder that gets its name. Whenever
// the power goes, a file under its final name is whole, and one that the Index
// remembers is on the disk. What is left behind are temporary files; the next
// run overwrites them, and Sweep removes those that nobody wants any more. What comes
// from a source.Ranged keeps the name of a part until it is real, and is gone on with:
// a whole one is read and flushed like any other, and does not come again.
//
// # Sums
//
// A file is verified by its MD5 while it is copied, or with the others of its turn once
// they are written, by what the system still has of them in memory. Either way before
// the committer hears of it.
//
// # Goroutines
//
// Workers copy files, the largest first and small ones folder by folder, and
// hand them to one committer, which flushes a group while the workers copy the
// next. A worker holds the claim of the file it copies, and the committer gives
// it back when the file is real, so two runs in one process never write the
// same file. The committer never waits for a claim; a worker waits for one only
// when nothing else is left to do. So the two cannot wait for each other.
package transfer
