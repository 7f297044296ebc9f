package peer_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/sys/unix"

	"nectar/backend/peer"
)

// networkEnv says that the test binary runs in a network of its own, in which
// there is nothing but what a test puts there.
const networkEnv = "NECTAR_TEST_NETWORK"

func TestMain(m *testing.M) {
	if os.Getenv(networkEnv) != "" {
		if err := raiseLoopback(); err != nil {
			_, _ = os.Stderr.WriteString("no loopback with multicast: " + err.Error() + "\n")
			os.Exit(3)
		}
	}
	goleak.VerifyTestMain(m)
}

// raiseLoopback makes the loopback of this network one that carries multicast.
func raiseLoopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(s) }()
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_MULTICAST | unix.IFF_LOOPBACK)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, request)
}

// alone runs the test in a network of its own. It reports whether this is it.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(networkEnv) != "" {
		return true
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), networkEnv+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	said, err := again.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		t.Logf("in a network of its own:\n%s", said)
	case !errors.As(err, &exit) || exit.ExitCode() == 3:
		t.Skipf("this system gives no network of its own: %v %s", err, said)
	default:
		t.Errorf("in a network of its own: %v\n%s", err, said)
	}
	return false
}

const service = "Kolibri._sub._http._tcp.local."

// announcement is what a server says of itself.
type announcement struct {
	name, target, service string
	port                  uint16
	address               [4]byte
	texts                 []string
}

func kolibri(name string, port uint16) announcement {
	return announcement{
		name: name, target: name + ".kolibri.local.", service: service, port: port, address: [4]byte{127, 0, 0, 1},
		texts: []string{`application="kolibri"`, `device_name="Room 3"`, `subset_of_users_device="FALSE"`, `prefix=""`},
	}
}

func (a announcement) packet(t *testing.T) []byte {
	t.Helper()
	instance := dnsmessage.MustNewName(a.name + "." + a.service)
	header := func(name string) dnsmessage.ResourceHeader {
		return dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name), Class: dnsmessage.ClassINET, TTL: 60}
	}
	m := dnsmessage.Message{
		Header: dnsmessage.Header{Response: true, Authoritative: true},
		Answers: []dnsmessage.Resource{
			{Header: header(a.service), Body: &dnsmessage.PTRResource{PTR: instance}},
		},
		Additionals: []dnsmessage.Resource{
			{Header: header(instance.String()), Body: &dnsmessage.SRVResource{Port: a.port, Target: dnsmessage.MustNewName(a.target)}},
			{Header: header(instance.String()), Body: &dnsmessage.TXTResource{TXT: a.texts}},
			{Header: header(a.target), Body: &dnsmessage.AResource{A: a.address}},
		},
	}
	packet, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

// respond answers each question with the packets, until the test ends.
func respond(t *testing.T, packets ...[]byte) {
	t.Helper()
	loopback, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenMulticastUDP("udp4", loopback, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	go func() {
		defer close(done)
		question := make([]byte, 9000)
		for {
			n, from, err := conn.ReadFrom(question)
			if err != nil {
				return
			}
			if !asksForKolibri(question[:n]) {
				continue
			}
			for _, packet := range packets {
				_, _ = conn.WriteTo(packet, from)
			}
		}
	}()
}

func asksForKolibri(packet []byte) bool {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil || m.Response || len(m.Questions) != 1 {
		return false
	}
	q := m.Questions[0]
	return q.Type == dnsmessage.TypePTR && strings.EqualFold(q.Name.String(), service)
}

func TestServersAreFound(t *testing.T) {
	if !alone(t) {
		return
	}
	second := kolibri("6c2f", 8080)
	second.address, second.texts = [4]byte{8, 8, 8, 8}, []string{`prefix="kolibri/"`, `device_name=5`}
	respond(t, kolibri("bae0", 9090).packet(t), second.packet(t), kolibri("bae0", 9090).packet(t))
	want := []peer.Server{
		{URL: "http://127.0.0.1:8080/kolibri"}, // it says that it is far away, but answers from here
		{URL: "http://127.0.0.1:9090", Name: "Room 3"},
	}
	if diff := cmp.Diff(want, peer.Find(t.Context())); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
}

func TestNonsenseIsNotBelieved(t *testing.T) {
	if !alone(t) {
		return
	}
	printer := kolibri("printer", 631)
	printer.service = "_ipp._tcp.local."
	nowhere := kolibri("nowhere", 0)
	climbing := kolibri("climbing", 8080)
	climbing.texts = []string{`prefix="../../x?y#z"`, `device_name={"a":`}
	answer := kolibri("a", 1).packet(t)
	packets := [][]byte{{}, {1, 2, 3}, answer[:len(answer)/2], printer.packet(t), nowhere.packet(t), climbing.packet(t)}
	for i := range uint16(200) { // a crowd that nobody has
		packets = append(packets, kolibri("crowd", 10_000+i).packet(t))
	}
	respond(t, packets...)
	found := peer.Find(t.Context())
	if len(found) == 0 || len(found) > 50 {
		t.Errorf("%d are found", len(found))
	}
	for _, s := range found {
		if s.URL != "http://127.0.0.1:8080" && !strings.HasPrefix(s.URL, "http://127.0.0.1:10") || strings.Contains(s.URL, "..") {
			t.Errorf("%+v is found", s)
		}
	}
	if !slices.ContainsFunc(found, func(s peer.Server) bool { return s.URL == "http://127.0.0.1:8080" && s.Name == "" }) {
		t.Error("one that is a little odd is not found")
	}
}

func TestASearchEndsWithItsContext(t *testing.T) {
	if !alone(t) {
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		peer.Find(ctx)
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("it goes on")
	}
}

func TestWithoutANetworkThereIsNobody(t *testing.T) {
	if !alone(t) {
		return
	}
	if found := peer.Find(t.Context()); len(found) != 0 {
		t.Errorf("it hears of %+v", found)
	}
}
