package service_test

import (
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/selection"
)

func TestPreflight(t *testing.T) {
	t.Parallel()
	services := shelved(t, channeltest.New())
	next, drive := channeltest.Next(), t.TempDir()
	if err := next.Write(drive); err != nil {
		t.Fatal(err)
	}
	video := next.Node(channeltest.Video)
	channeltest.Break(t, next, drive, channeltest.RemoveFile(video.Files[1].LocalFile))
	options := selection.Options{Include: []channel.NodeID{video.ID}}
	got, err := services.Sources.Preflight(t.Context(), teacher, next.ID, drive, options)
	if err != nil {
		t.Fatal(err)
	}
	// The subtitles are here already, and so is the picture of the topic.
	_, wanted := next.Wanted(video)
	if got.Resources != 1 || got.Files != len(wanted) || got.PresentFiles != 3 || got.MissingFiles != 1 || got.MissingBytes != video.Files[1].Size {
		t.Errorf("answer is %+v", got)
	}
	if copied := int64(got.Files - got.PresentFiles - got.MissingFiles); got.Needed != copied*got.Disk.Cluster || !got.Fits() {
		t.Errorf("%d files need %d bytes", copied, got.Needed)
	}
}
