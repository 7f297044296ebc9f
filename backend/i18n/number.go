package i18n

import (
	"encoding/json"
	"math"

	"golang.org/x/text/language"
	printer "golang.org/x/text/message"
	"golang.org/x/text/number"
)

var sizeKeys = []string{"size.byte", "size.kilobyte", "size.megabyte", "size.gigabyte", "size.terabyte"}

// Number writes a number in the language's digits and separators.
func (c *Catalog) Number(lang string, n int64) string {
	return decimal(lang, n)
}

// Bytes writes a size in the unit that people know, base 10, with one decimal
// below ten: "3.4 GB", "12 MB".
func (c *Catalog) Bytes(lang string, n int64) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.bytes(lang, n)
}

// bytes is Bytes for a caller that holds mu.
func (c *Catalog) bytes(lang string, n int64) string {
	amount, unit := scale(n)
	params := map[string]any{"n": amount, "count": n}
	for _, lang := range fallbacks(lang) {
		if text, ok := c.text(lang, sizeKeys[unit], params); ok {
			return text
		}
	}
	return decimal(lang, n)
}

// scale answers the amount as it is shown, and the index of its unit.
func scale(n int64) (amount float64, unit int) {
	amount = float64(n)
	for unit < len(sizeKeys)-1 && math.Abs(rounded(amount, unit)) >= 1000 {
		amount /= 1000
		unit++
	}
	return rounded(amount, unit), unit
}

func rounded(amount float64, unit int) float64 {
	if tenths := math.Round(amount*10) / 10; unit > 0 && math.Abs(tenths) < 10 {
		return tenths
	}
	return math.Round(amount)
}

func decimal[N int64 | float64](lang string, n N) string {
	return printer.NewPrinter(language.Make(lang)).Sprint(number.Decimal(n, number.MaxFractionDigits(1)))
}

// integer answers a value that is a whole number, also when it went through
// JSON.
func integer(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case float64:
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<53
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	default:
		return 0, false
	}
}
