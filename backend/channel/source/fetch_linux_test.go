package source_test

import (
	"os"
	"testing"

	"nectar/backend/channel/source"
	"nectar/backend/channel/source/sample"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

func TestADatabaseForWhichThereIsNoRoomSaysSo(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]string{
		"after its beginning":   "size=8k",
		"nor for one more file": "nr_inodes=1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := drivetest.Small(t, options, 0)
			_, err := source.FetchDatabase(t.Context(), sample.Open(), sample.ChannelID, folder)
			if got := fault.CodeOf(err); got != fault.DiskFull {
				t.Errorf("it says %s: %v", got, err)
			}
			if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
				t.Errorf("%v is left, %v", left, err)
			}
		})
	}
}
