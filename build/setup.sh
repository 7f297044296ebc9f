# shellcheck shell=bash
# What build/run.sh and build/test.sh share: it looks for what they need, says
# in words what is missing, and installs what can be installed. It is sourced
# by them and does nothing by itself.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

readonly go_least=1.25
readonly node_least=20.19

# The window needs these to be built.
readonly window_packages=(pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)
# And these to be driven by a test, on a display that nobody sees.
readonly display_packages=(xvfb xauth xdotool imagemagick x11-utils openbox dbus-x11 fonts-dejavu-core)

# A check that failed once, and held when it was tried alone, ends with this.
# shellcheck disable=SC2034  # by those that source this
readonly unsteady=78

say() {
	printf '%s\n' "$*"
}

complain() {
	printf '%s\n' "$*" >&2
}

die() {
	complain "$@"
	exit 1
}

# at_least reports whether the version $1 is $2 or later. Both look like 1.25.
at_least() {
	local major minor
	IFS=. read -r major minor _ <<<"$1"
	((major > ${2%%.*} || (major == ${2%%.*} && ${minor:-0} >= ${2#*.})))
}

# for_windows runs a command whose Go compiles for Windows. The C of SQLite is told
# that it is for Windows 10: the headers of Ubuntu 22.04 take it for one before
# Vista, which lacks what it calls.
for_windows() {
	GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc CGO_CFLAGS='-O2 -g -D_WIN32_WINNT=0x0A00' "$@"
}

# complete reports whether every tool that was named is here and new enough,
# and says what is not. The names: git, cc, go, node.
complete() {
	local tool ok=0
	for tool in "$@"; do
		"check_$tool" || ok=1
	done
	return "$ok"
}

check_git() {
	command -v git >/dev/null || {
		complain 'Git is missing. On Debian and Ubuntu: apt-get install git'
		return 1
	}
}

check_cc() {
	command -v "${CC:-gcc}" >/dev/null || command -v cc >/dev/null || {
		complain 'A C compiler is missing. On Debian and Ubuntu: apt-get install build-essential'
		return 1
	}
}

check_go() {
	if ! command -v go >/dev/null && [[ -x /usr/local/go/bin/go ]]; then
		PATH=$PATH:/usr/local/go/bin
	fi
	command -v go >/dev/null || {
		complain "Go is missing. Nectar needs Go $go_least or later: https://go.dev/dl/"
		return 1
	}
	local version
	# Outside the project, where go.mod could make Go refuse to answer.
	version=$(cd / && GOTOOLCHAIN=local go version)
	if [[ $version =~ go([0-9]+\.[0-9]+) ]] && ! at_least "${BASH_REMATCH[1]}" "$go_least"; then
		complain "Go ${BASH_REMATCH[1]} is too old. Nectar needs Go $go_least or later: https://go.dev/dl/"
		return 1
	fi
}

check_node() {
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		complain "Node is missing (or npm, which comes with it). Nectar needs Node $node_least or later: https://nodejs.org/"
		return 1
	fi
	local version
	version=$(node --version)
	version=${version#v}
	at_least "$version" "$node_least" || {
		complain "Node $version is too old. Nectar needs Node $node_least or later: https://nodejs.org/"
		return 1
	}
}

# as_root runs a command as the superuser. Where nobody can type a password it
# does not ask for one.
as_root() {
	if ((EUID == 0)); then
		"$@"
	elif [[ -t 0 ]]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

# install_packages installs those of the Debian packages that are missing.
install_packages() {
	local missing=() package
	for package in "$@"; do
		[[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
	done
	((${#missing[@]})) || return 0

	local command="apt-get install --no-install-recommends ${missing[*]}"
	if ((EUID != 0)) && ! command -v sudo >/dev/null; then
		complain "Some packages are missing, and only the superuser can install them. As root: $command"
		return 1
	fi
	say "Installing ${missing[*]}"
	# Lists that cannot be renewed may still do.
	as_root apt-get -qq update || true
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 \
		install --no-install-recommends "${missing[@]}" || {
		complain "Some packages could not be installed. The command was: $command"
		return 1
	}
}

# window_libraries makes sure that the window can be built.
window_libraries() {
	if [[ $(uname -s) != Linux ]]; then
		complain 'This script builds the window on Linux alone. On Windows and macOS install Go, Node and a C compiler, then:'
		complain '  go tool -modfile=build/tools/go.mod wails build'
		return 1
	fi
	if command -v apt-get >/dev/null; then
		install_packages "${window_packages[@]}"
		return
	fi
	pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2>/dev/null || {
		complain 'The window needs pkg-config and the development files of GTK 3 and WebKitGTK 4.1.'
		complain 'Fedora: dnf install pkgconf gtk3-devel webkit2gtk4.1-devel'
		complain 'Arch: pacman -S pkgconf gtk3 webkit2gtk-4.1'
		return 1
	}
}

# end_to_end_libraries makes sure that the window can be driven by a test.
end_to_end_libraries() {
	window_libraries || return
	command -v apt-get >/dev/null || return 0
	install_packages "${display_packages[@]}" || return
	browser >/dev/null || install_browser || {
		complain 'The end-to-end test needs Chromium or Chrome.'
		return 1
	}
}

# browser answers the browser of this system that a test can drive. A snap is
# none: it may not read the folders that a test makes.
browser() {
	local name path
	for name in chromium chromium-browser google-chrome; do
		path=$(command -v "$name") || continue
		if [[ $path != /snap/* ]] && ! grep -qsI /snap/bin "$path"; then
			printf '%s\n' "$path"
			return
		fi
	done
	return 1
}

# install_browser installs one: Debian's, or where the system has but a snap, as
# Ubuntu, the one that belongs to playwright-core.
install_browser() {
	if [[ $(apt-cache policy chromium 2>/dev/null) =~ Candidate:\ [0-9] ]]; then
		install_packages chromium
		return
	fi
	frontend_modules || return
	local playwright=$root/frontend/node_modules/playwright-core/cli.js
	say 'Fetching the browser that drives the window'
	node "$playwright" install chromium-headless-shell &&
		as_root "$(command -v node)" "$playwright" install-deps chromium-headless-shell >/dev/null
}

# frontend_modules installs what the frontend is built from, unless what is
# there was installed from the same package-lock.json.
frontend_modules() {
	local stamp=$root/frontend/node_modules/.nectar-lock lock
	lock=$(cksum <"$root/frontend/package-lock.json")
	if [[ -f $stamp && $(<"$stamp") == "$lock" ]]; then
		return
	fi
	say 'Fetching the parts of the window (npm ci)'
	(cd "$root/frontend" && npm ci --no-audit --no-fund </dev/null) && printf '%s\n' "$lock" >"$stamp"
}

# go_settings prepares Go for a checkout that belongs to somebody else, say
# inside a container: there Git answers nothing about the version.
go_settings() {
	if ! git -C "$root" status >/dev/null 2>&1; then
		export GOFLAGS="${GOFLAGS:-} -buildvcs=false"
	fi
}

# released answers the version in the newest heading of the changelog.
released() {
	sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' "$root/CHANGELOG.md" | head -n 1
}

# package_version answers the version of the checkout: that of the tag, else one
# before the release that the newest heading of the changelog announces.
package_version() {
	local version commits
	if version=$(git -C "$root" describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null) &&
		[[ -z $(git -C "$root" status --porcelain --untracked-files=no) ]]; then
		printf '%s\n' "${version#v}"
		return
	fi
	version=$(released)
	commits=$(git -C "$root" rev-list --count HEAD 2>/dev/null || echo 0)
	[[ -n $version ]] && printf '%s-dev.%s\n' "$version" "$commits"
}

# version_flag answers what puts the version into the program, for -ldflags.
version_flag() {
	printf -- '-X nectar/backend/config.stamped=%s\n' "$(package_version)"
}

# build_program builds the program without a window. It needs no GTK and no
# Node, and all its commands work.
build_program() {
	(cd "$root" && go build -ldflags "$(version_flag)" -o build/bin/nectar .)
}

# build_window builds the window program that the other one starts.
build_window() {
	frontend_modules &&
		(cd "$root/frontend" && npm run --silent build) &&
		(cd "$root" && go build -tags desktop,production,webkit2_41 -ldflags "-w -s $(version_flag)" -o build/bin/nectar-window .)
}
