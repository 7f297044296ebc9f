package selection

import (
	"hash/maphash"

	"nectar/backend/channel"
)

// lookup finds stored files by their checksums, in a fifth of the memory of a
// map: it keeps their indexes alone. The files must not change.
type lookup struct {
	files []channel.LocalFile
	seed  maphash.Seed // checksums come from strangers, who may choose them alike
	slots []int32      // index plus one; 0 for none
}

func newLookup(files []channel.LocalFile) *lookup {
	size := 16
	for size < len(files)*3/2 {
		size *= 2
	}
	l := &lookup{files: files, seed: maphash.MakeSeed(), slots: make([]int32, size)}
	for i := range files {
		*l.slot(files[i].Checksum) = int32(i) + 1
	}
	return l
}

// find answers the index of the file. It reports whether there is one; of
// several the last one counts.
func (l *lookup) find(sum channel.Checksum) (index int32, ok bool) {
	at := *l.slot(sum)
	return at - 1, at > 0
}

// slot answers where the file of the checksum is, or would be.
func (l *lookup) slot(sum channel.Checksum) *int32 {
	last := uint64(len(l.slots) - 1)
	for at := maphash.Bytes(l.seed, sum[:]) & last; ; at = (at + 1) & last {
		if slot := &l.slots[at]; *slot == 0 || l.files[*slot-1].Checksum == sum {
			return slot
		}
	}
}
