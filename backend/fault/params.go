package fault

import (
	"fmt"
	"maps"
	"slices"
)

func params(pairs []any) Params {
	if len(pairs) == 0 {
		return nil
	}
	p := make(Params, (len(pairs)+1)/2)
	for i := 0; i < len(pairs); i += 2 {
		var value any
		if i+1 < len(pairs) {
			value = plain(pairs[i+1])
		}
		p[fmt.Sprint(pairs[i])] = value
	}
	return p
}

// plain turns a value into one that survives JSON: numbers and booleans as
// they are, anything else as text.
func plain(value any) any {
	switch v := value.(type) {
	case nil, bool, string, int, int64, float64:
		return v
	case int32:
		return int64(v)
	case uint32:
		return int64(v)
	case error:
		return v.Error()
	default:
		return fmt.Sprint(v)
	}
}

func sortedKeys(p Params) []string {
	return slices.Sorted(maps.Keys(p))
}
