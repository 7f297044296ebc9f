// Package atomicfile puts files in place so that a power cut leaves either
// the old file or the new one, whole.
//
// The order is always: write under a temporary name in the same folder, sync
// the bytes, rename, sync the folder. Write does all of it for one file; the
// steps are exported for whoever puts many files in place at once and shares
// the syncing between them.
package atomicfile
