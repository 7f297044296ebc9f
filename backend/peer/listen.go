package peer

import (
	"context"
	"errors"
	"net"

	"golang.org/x/net/ipv4"
)

// listen opens a port of our own on the network of the interface.
func listen(ctx context.Context, on net.Interface) (net.PacketConn, error) {
	addresses, err := on.Addrs()
	if err != nil {
		return nil, err
	}
	for _, a := range addresses {
		network, is := a.(*net.IPNet)
		if !is || network.IP.To4() == nil {
			continue
		}
		conn, err := new(net.ListenConfig).ListenPacket(ctx, "udp4", net.JoinHostPort(network.IP.String(), "0"))
		if err != nil {
			return nil, err
		}
		if err := ipv4.NewPacketConn(conn).SetMulticastInterface(&on); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return conn, nil
	}
	return nil, errors.New("the interface has no address")
}
