package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// Holds implements source.Holder.
func (k *kolibri) Holds(ctx context.Context, id channel.ID, files []channel.Checksum) (func(channel.Checksum) bool, error) {
	if k.info.Kind == source.Studio {
		return func(channel.Checksum) bool { return true }, nil
	}
	content, err := json.Marshal(asText(files))
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"application/json"}, "Accept-Encoding": {"gzip"}}
	response, err := k.client.do(ctx, "POST", k.base+"/api/public/v1/file_checksums/"+string(id), header, bytes.NewReader(content))
	if err != nil {
		return nil, explain(ctx, err, fault.SourceGone, k.base)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, explain(ctx, statusOf(response), fault.SourceGone, k.base)
	}
	mask, err := readBitmask(response, len(files))
	if err != nil {
		return nil, explain(ctx, err, fault.SourceGone, k.base)
	}
	held := make(map[channel.Checksum]bool, len(files))
	for i, file := range files {
		held[file] = mask.Bit(i) == 1
	}
	return func(c channel.Checksum) bool { return held[c] }, nil
}

func asText(files []channel.Checksum) []string {
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file.String()
	}
	return names
}

// readBitmask reads a number in decimal digits, whose bit i, from the least
// one on, stands for the i-th of the files. A digit stands for more than three.
func readBitmask(response *http.Response, files int) (*big.Int, error) {
	longest := files/3 + 8
	plain, err := unpacked(response)
	if err != nil {
		return nil, &nonsense{err}
	}
	text, err := io.ReadAll(io.LimitReader(plain, int64(longest)+1))
	if err != nil {
		return nil, err
	}
	if len(text) > longest {
		return nil, &nonsense{errors.New("answered with too many digits")}
	}
	mask, ok := new(big.Int).SetString(strings.TrimSpace(string(text)), 10)
	if !ok || mask.Sign() < 0 {
		return nil, &nonsense{fmt.Errorf("answered %.20q for a number", text)}
	}
	return mask, nil
}
