package auth

import (
	"slices"
	"strings"
	"unicode"

	"nectar/backend/fault"
)

// The limits of a PIN, in digits.
const (
	MinPIN = 4
	MaxPIN = 12
)

// PIN is a secret of 4 to 12 digits, 0 to 9.
type PIN string

// ParsePIN reads a PIN. Digits of every script mean the same PIN, because one
// laptop may have several keyboards. Anything else is refused as the field
// "pin".
func ParsePIN(text string) (PIN, error) {
	var digits strings.Builder
	for _, r := range strings.TrimSpace(text) {
		value, ok := digit(r)
		if !ok {
			return "", refusedPIN()
		}
		digits.WriteByte('0' + value)
	}
	if n := digits.Len(); n < MinPIN || n > MaxPIN {
		return "", refusedPIN()
	}
	return PIN(digits.String()), nil
}

func refusedPIN() error {
	return fault.Invalid(fault.At("pin", fault.FieldPIN, "min", MinPIN, "max", MaxPIN))
}

// digit answers the value of a decimal digit. Unicode keeps the ten of each
// script together, in their order.
func digit(r rune) (byte, bool) {
	for _, block := range unicode.Nd.R16 {
		if low := rune(block.Lo); low <= r && r <= rune(block.Hi) {
			return byte((r - low) % 10), true
		}
	}
	return 0, false
}

// Obvious reports whether the PIN is one of the first that anybody would try:
// one digit again and again, or digits in a row. Such a PIN is allowed, because
// some laptops need no more than that, but people are told.
func (p PIN) Obvious() bool {
	return slices.ContainsFunc([]int{0, 1, -1}, p.steps)
}

// steps reports whether each digit follows the one before it by the step; 0
// follows 9.
func (p PIN) steps(step int) bool {
	for i := 1; i < len(p); i++ {
		if (int(p[i-1])-'0'+step+10)%10 != int(p[i])-'0' {
			return false
		}
	}
	return true
}
