package channeltest

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"

	"nectar/backend/channel"
)

// body makes the bytes of a file: fixed ones, or size bytes of noise that
// follow from the key.
type body struct {
	fixed []byte
	key   [32]byte
	size  int64
}

func (b body) open() io.Reader {
	if b.fixed != nil {
		return bytes.NewReader(b.fixed)
	}
	return io.LimitReader(rand.NewChaCha8(b.key), b.size)
}

// local names the bytes by their checksum.
func (b body) local(extension string) channel.LocalFile {
	f := channel.LocalFile{Extension: extension}
	sum := md5.New()
	n, err := io.Copy(sum, b.open())
	if err != nil {
		panic(fmt.Sprintf("bytes from memory fail: %v", err))
	}
	f.Size = n
	sum.Sum(f.Checksum[:0])
	return f
}

func noise(seed int64, number int, size int64) body {
	b := body{size: size}
	binary.LittleEndian.PutUint64(b.key[:], uint64(seed))
	binary.LittleEndian.PutUint64(b.key[8:], uint64(number))
	return b
}

// picture answers a small png of one colour.
func picture(seed int64) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	c := color.RGBA{R: uint8(seed), G: uint8(seed >> 8), B: uint8(seed >> 16), A: 255}
	for i := range 64 {
		img.SetRGBA(i%8, i/8, c)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(fmt.Sprintf("png into memory fails: %v", err))
	}
	return out.Bytes()
}

// page answers a zip that holds an index.html.
func page(title string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("index.html")
	if err == nil {
		_, err = fmt.Fprintf(w, "<!doctype html><title>%s</title><p>%s</p>\n", title, title)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("zip into memory fails: %v", err))
	}
	return out.Bytes()
}

func dataURI(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}
