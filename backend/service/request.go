package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"nectar/backend/fault"
)

// The limits of one call.
const (
	MaxRequestBytes = 4 << 20
	MaxRequests     = 1000
)

// Request asks for one job: its type, its arguments, and when it runs.
type Request map[string]any

// ParseRequests reads a request, or a list of them, from JSON. It reports
// whether the text was a list. Text that is too large, no JSON, or neither an
// object nor a list of objects is refused.
func ParseRequests(text []byte) (requests []Request, list bool, err error) {
	if len(text) > MaxRequestBytes {
		return nil, false, fault.New(fault.TooLarge, "limit", MaxRequestBytes)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, false, fault.NotJSON(text, err)
	}
	end := decoder.InputOffset()
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, false, fault.MoreThanJSON(text, end)
	}
	switch v := value.(type) {
	case map[string]any:
		return []Request{v}, false, nil
	case []any:
		requests, err := requestList(v)
		return requests, true, err
	}
	return nil, false, fault.Invalid(fault.At("", fault.FieldType, "want", "object"))
}

func requestList(values []any) ([]Request, error) {
	requests := make([]Request, len(values))
	var refused []fault.Field
	for i, value := range values {
		object, ok := value.(map[string]any)
		if !ok {
			field := fault.At("", fault.FieldType, "want", "object")
			field.Index = i
			refused = append(refused, field)
		}
		requests[i] = object
	}
	return requests, fault.Invalid(refused...)
}
