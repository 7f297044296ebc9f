package handover

import "golang.org/x/sys/unix"

// peerOf answers the user of the process on the other side of a socket.
func peerOf(fd int) (int, error) {
	peer, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	if err != nil {
		return 0, err
	}
	return int(peer.Uid), nil
}
