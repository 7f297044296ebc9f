package launcher

import (
	"os/exec"
	"slices"
	"strings"
)

// distribution says how a kind of Linux names what the window needs.
type distribution struct {
	tool     string // by which it is known
	install  string
	web, gtk string // packages
}

var distributions = []distribution{
	{"apt-get", "sudo apt install", "libwebkit2gtk-4.1-0", "libgtk-3-0"},
	{"dnf", "sudo dnf install", "webkit2gtk4.1", "gtk3"},
	{"zypper", "sudo zypper install", "libwebkit2gtk-4_1-0", "libgtk-3-0"},
	{"pacman", "sudo pacman -S", "webkit2gtk-4.1", "gtk3"},
}

// advise names the package that brings the libraries, and how it is installed
// where that is known. WebKit brings everything else along.
func advise(lacking []string) string {
	for _, d := range distributions {
		if _, err := exec.LookPath(d.tool); err == nil {
			return d.advise(lacking)
		}
	}
	return distribution{web: "WebKitGTK 4.1", gtk: "GTK 3"}.advise(lacking)
}

func (d distribution) advise(lacking []string) string {
	name := d.web
	if !slices.ContainsFunc(lacking, func(library string) bool {
		return !strings.HasPrefix(library, "libgtk-3") && !strings.HasPrefix(library, "libgdk-3")
	}) {
		name = d.gtk
	}
	if d.install == "" {
		return name
	}
	return name + " (" + d.install + " " + name + ")"
}
