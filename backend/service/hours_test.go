package service_test

import (
	"testing"
	"time"

	"nectar/backend/service"
)

func TestHours(t *testing.T) {
	t.Parallel()
	cases := []struct {
		hours, at string
		want      bool
	}{
		{"", "10:00", false},
		{"08:00-13:00", "07:59", false},
		{"08:00-13:00", "08:00", true},
		{"08:00-13:00", "12:59", true},
		{"08:00-13:00", "13:00", false},
		{"22:00-06:30", "21:59", false},
		{"22:00-06:30", "23:59", true},
		{"22:00-06:30", "00:00", true},
		{"22:00-06:30", "06:29", true},
		{"22:00-06:30", "06:30", false},
	}
	for _, c := range cases {
		hours, err := service.ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse("15:04", c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := hours.Has(at); got != c.want {
			t.Errorf("%q has %s: %v", c.hours, c.at, got)
		}
	}
	for _, text := range []string{"8-13", "08:00", "08:00-08:00", "24:00-06:00", "08:00 13:00", "08:00-13:00 ", "aa:bb-cc:dd"} {
		if _, err := service.ParseHours(text); err == nil {
			t.Errorf("%q was read as hours", text)
		}
	}
}
