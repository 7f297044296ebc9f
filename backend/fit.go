package backend

import (
	"os"
	"runtime"
	"runtime/debug"
)

// FitSmallLaptops sets Go's own machinery for laptops with two processors and
// little memory, for the whole process. What somebody sets by Go's variables
// stays. It is called once, first of all.
func FitSmallLaptops() {
	if os.Getenv("GOMAXPROCS") == "" {
		spareProcessor()
	}
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		spareMemory()
	}
}

// spareProcessor lets Go count one processor more than there are. While a
// thread writes to a disk, Go takes its turn away within microseconds if all
// are busy, and has it wait for another one: on a laptop with two processors
// that was a tenth of what an import takes. With one to spare it leaves it
// alone.
func spareProcessor() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) }

// spareMemory keeps the process under 100 MB, some 35 of which are not Go's,
// and near that with channels of 100,000 topics and resources. What it holds of
// one of 50,000 is 30 MB; by default Go would let that double before it looks
// what of it is still in use, which is hardly faster: little of it lives long.
func spareMemory() {
	debug.SetGCPercent(60)
	debug.SetMemoryLimit(64 << 20)
}
