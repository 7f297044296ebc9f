package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// readFile reads a flat JSON object of texts. It reads token by token, since
// package json would keep the last of two equal keys in silence.
func readFile(files fs.FS, name string) (map[string]message, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()

	decoder := json.NewDecoder(f)
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, errors.Join(errors.New("no JSON object"), err)
	}
	texts := map[string]message{}
	for decoder.More() {
		key, err := readText(decoder)
		if err != nil {
			return nil, err
		}
		text, err := readText(decoder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if _, ok := texts[key]; ok {
			return nil, fmt.Errorf("%s stands twice", key)
		}
		if texts[key], err = parse(text); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return texts, nil
}

func readText(decoder *json.Decoder) (string, error) {
	token, err := decoder.Token()
	if err != nil {
		return "", err
	}
	text, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("%v is no text", token)
	}
	return text, nil
}
