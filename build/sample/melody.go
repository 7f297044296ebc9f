package main

import (
	"bytes"
	"encoding/binary"
	"math"
)

const (
	rate = 22050 // samples a second
	beat = 0.36  // seconds
)

// note is a tone of the melody: its place on the piano, counted from A4 = 0,
// and how long it lasts, in beats.
type note struct {
	tone  float64
	beats float64
}

// rest is a note of silence.
const rest = math.MaxInt8

// tune is a little waltz of our own, in G major.
var tune = []note{
	{-2, 1},
	{2, 1},
	{5, 1},
	{7, 2},
	{5, 1},
	{2, 1},
	{3, 1},
	{0, 1},
	{-2, 3},
	{-2, 1},
	{2, 1},
	{5, 1},
	{10, 2},
	{9, 1},
	{7, 1},
	{5, 1},
	{3, 1},
	{2, 3},
	{3, 1},
	{5, 1},
	{7, 1},
	{5, 2},
	{2, 1},
	{3, 1},
	{2, 1},
	{0, 1},
	{-2, 3},
	{rest, 1},
}

// basses are the lowest tones of each bar of three beats.
var basses = []float64{-14, -17, -19, -14, -14, -17, -12, -14, -21, -14, -19, -14}

// melody answers the waltz as a WAV file: one channel, 16 bits. Somewhere a
// bee hums along.
func melody() []byte {
	var beats float64
	for _, n := range tune {
		beats += n.beats
	}
	samples := make([]float64, int((beats*beat+1)*rate))
	at := 0.0
	for _, n := range tune {
		if n.tone != rest {
			pluck(samples, at*beat, n.tone, n.beats*beat+.8, .5)
		}
		at += n.beats
	}
	for bar, low := range basses {
		start := float64(bar) * 3 * beat
		pluck(samples, start, low, 1.2, .34)
		for k := 1.0; k < 3; k++ {
			pluck(samples, start+k*beat, low+16, .5, .13)
			pluck(samples, start+k*beat, low+19, .5, .13)
		}
	}
	hum(samples)
	return wav(samples)
}

// pluck adds a tone that sounds like a thumb piano.
func pluck(into []float64, start, tone, length, loud float64) {
	frequency := 440 * math.Pow(2, tone/12)
	first := int(start * rate)
	for i := range int(length * rate) {
		if first+i >= len(into) {
			return
		}
		t := float64(i) / rate
		attack := math.Min(1, t/.006)
		fade := math.Min(1, (length-t)/.05)
		into[first+i] += loud * attack * fade * (math.Exp(-3.2*t)*math.Sin(2*math.Pi*frequency*t) +
			.35*math.Exp(-6*t)*math.Sin(4*math.Pi*frequency*t) +
			.12*math.Exp(-14*t)*math.Sin(2*math.Pi*5.4*frequency*t))
	}
}

// hum adds a bee that flies past now and then: wings beat about 230 times a
// second.
func hum(into []float64) {
	whole := float64(len(into)) / rate
	phase := 0.0
	for i := range into {
		t := float64(i) / rate
		near := math.Pow(math.Sin(math.Pi*2.5*t/whole), 6)
		phase += 2 * math.Pi * (226 + 14*math.Sin(2*math.Pi*.7*t) + 3*math.Sin(2*math.Pi*9*t)) / rate
		into[i] += .05 * near * (math.Sin(phase) + .5*math.Sin(2*phase) + .25*math.Sin(3*phase))
	}
}

func wav(samples []float64) []byte {
	loudest := 0.0
	for _, s := range samples {
		loudest = math.Max(loudest, math.Abs(s))
	}
	data := new(bytes.Buffer)
	for _, s := range samples {
		_ = binary.Write(data, binary.LittleEndian, int16(s/loudest*29000))
	}
	file := new(bytes.Buffer)
	file.WriteString("RIFF")
	_ = binary.Write(file, binary.LittleEndian, uint32(36+data.Len()))
	file.WriteString("WAVEfmt ")
	for _, field := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16)} {
		_ = binary.Write(file, binary.LittleEndian, field)
	}
	file.WriteString("data")
	_ = binary.Write(file, binary.LittleEndian, uint32(data.Len()))
	file.Write(data.Bytes())
	return file.Bytes()
}
