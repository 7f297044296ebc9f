package multimd5_test

import (
	"bytes"
	"crypto/md5"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"testing/iotest"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"nectar/backend/multimd5"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSumsAreThoseOfEachFileAlone(t *testing.T) {
	t.Parallel()
	h := multimd5.New()
	defer h.Close()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(32<<10-70, 32<<10+70), rapid.IntRange(0, 300_000))
		files := rapid.SliceOfN(size, 0, multimd5.Most).Draw(t, "sizes")
		var all []io.Reader
		var want [][md5.Size]byte
		for i, n := range files {
			data := content(uint64(i), n)
			want = append(want, md5.Sum(data))
			all = append(all, by(rapid.IntRange(0, 3).Draw(t, "reads"), data))
		}
		for i, sum := range h.Sums(all) {
			if sum.Err != nil || sum.MD5 != want[i] {
				t.Errorf("file %d of %d, %d bytes: got %x, %v, want %x", i, len(files), files[i], sum.MD5, sum.Err, want[i])
			}
		}
	})
}

// by answers a reader that gives the data in one of the ways that readers may.
func by(way int, data []byte) io.Reader {
	r := bytes.NewReader(data)
	switch way {
	case 1:
		return iotest.HalfReader(r)
	case 2:
		return iotest.DataErrReader(r)
	}
	return r
}

func TestAFileThatBreaksOffSpoilsNoOther(t *testing.T) {
	t.Parallel()
	h := multimd5.New()
	defer h.Close()
	broken := errors.New("unrecovered read error")
	good := content(1, 100_000)
	for range 2 { // nothing of it is left for the next
		sums := h.Sums([]io.Reader{
			bytes.NewReader(good), io.MultiReader(bytes.NewReader(good[:50_001]), iotest.ErrReader(broken)), bytes.NewReader(good),
		})
		if !errors.Is(sums[1].Err, broken) {
			t.Errorf("the broken one ended with %v", sums[1].Err)
		}
		for _, i := range []int{0, 2} {
			if sums[i].Err != nil || sums[i].MD5 != md5.Sum(good) {
				t.Errorf("file %d: %x, %v", i, sums[i].MD5, sums[i].Err)
			}
		}
	}
}

func content(seed uint64, size int) []byte {
	data := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(seed), byte(size), byte(size >> 8)})
	_, _ = random.Read(data)
	return data
}

// BenchmarkSums compares the sums of sixteen files at once with one after the other:
//
//	go test -run '^$' -bench Sums ./backend/multimd5
func BenchmarkSums(b *testing.B) {
	const size = 600_000
	var files [16][]byte
	for i := range files {
		files[i] = content(uint64(i), size)
	}
	b.Run("at once", func(b *testing.B) {
		h := multimd5.New()
		defer h.Close()
		b.SetBytes(size * int64(len(files)))
		for b.Loop() {
			readers := make([]io.Reader, len(files))
			for i := range files {
				readers[i] = bytes.NewReader(files[i])
			}
			h.Sums(readers)
		}
	})
	b.Run("in turn", func(b *testing.B) {
		b.SetBytes(size * int64(len(files)))
		for b.Loop() {
			for _, data := range files {
				md5.Sum(data)
			}
		}
	})
}

// oneByOne names this program when it is started on a processor without wide
// instructions, as far as it knows.
const oneByOne = "NECTAR_TEST_MD5_ONE_BY_ONE"

func TestNothingIsTriedWithoutWideInstructions(t *testing.T) {
	t.Parallel()
	if os.Getenv(oneByOne) != "" {
		if multimd5.Faster() {
			t.Error("many sums are said to be faster at once")
		}
		return
	}
	alone := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	alone.Env = append(os.Environ(), oneByOne+"=1", "GODEBUG=cpu.avx2=off")
	if out, err := alone.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
