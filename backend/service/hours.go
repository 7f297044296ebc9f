package service

import (
	"fmt"
	"time"
)

// Hours are a part of each day, by the clock of the laptop. They may begin in
// the evening and end in the morning. The zero Hours are none.
type Hours struct {
	from, until time.Duration // since midnight
	some        bool
}

const timeOfDay = "15:04"

// ParseHours reads "08:00-13:00", or "" for none.
func ParseHours(text string) (Hours, error) {
	if text == "" {
		return Hours{}, nil
	}
	var from, until time.Time
	var err error
	if len(text) != len("08:00-13:00") || text[5] != '-' {
		return Hours{}, fmt.Errorf("%q are no hours", text)
	}
	if from, err = time.Parse(timeOfDay, text[:5]); err != nil {
		return Hours{}, err
	}
	if until, err = time.Parse(timeOfDay, text[6:]); err != nil {
		return Hours{}, err
	}
	if from.Equal(until) {
		return Hours{}, fmt.Errorf("%q begin when they end", text)
	}
	return Hours{sinceMidnight(from), sinceMidnight(until), true}, nil
}

// Has reports whether the moment lies in the hours.
func (h Hours) Has(at time.Time) bool {
	now := sinceMidnight(at)
	if h.from < h.until {
		return h.some && now >= h.from && now < h.until
	}
	return h.some && (now >= h.from || now < h.until)
}

func sinceMidnight(at time.Time) time.Duration {
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
}
