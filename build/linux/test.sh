#!/usr/bin/env bash
# Tests the packages for Linux as those do who install them: makes them, lets
# the tools of Debian look at them, installs them, starts the window from the
# menu, imports, and removes them again. Data stays. With --once they are not
# made a second time, to be compared.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
cd "$root"

readonly sample=be35a0d0f10e45ec9a7e6c0ffee0be35
readonly checkers=(lintian desktop-file-utils appstream man-db libglib2.0-bin shared-mime-info)

work=$(mktemp -d)
display=
people=()
installed= # "yes" while the package is
cleanup() {
	local user
	[[ -z $display ]] || kill "$display" 2>/dev/null || true
	for user in "${people[@]}"; do
		remove_person "$user"
	done
	! mountpoint -q "$work/small" || umount "$work/small" || true
	[[ -z $installed ]] || apt purge nectar >/dev/null 2>&1 || complain 'The package of this test is still installed: apt-get purge nectar'
	chmod -R u+w "$work" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

# until_true waits until a command succeeds, two minutes at most.
until_true() {
	local i
	for ((i = 0; i < 240; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.5
	done
	die "This did not become true: $*"
}

# tells reports whether the text is in what a command says, all of which it lets
# it say: one whose listener has left may count as failed.
tells() {
	local text=$1 said
	shift
	said=$("$@") && grep -qF -- "$text" <<<"$said"
}

# quietly runs a command and shows what it said only when it fails.
quietly() {
	"$@" >"$work/said" 2>&1 || die "This failed: $*" "$(<"$work/said")"
}

# apt installs and removes packages, without a question. Somebody else may be at it.
apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 -o APT::Sandbox::User=root "$@"
}

make_packages() {
	go build -o "$work/sign" ./build/sign
	"$work/sign" -new "$work/key" >"$work/key.pub"
	NECTAR_SIGN_KEY=$work/key NECTAR_OUT=$work/out bash build/package.sh linux
	deb=$(echo "$work"/out/*.deb)
	archive=$(echo "$work"/out/*.tar.gz)
	(cd "$work/out" && quietly sha256sum --check SHA256SUMS)
}

# too_large_is_refused gives a package a budget that it is beyond.
too_large_is_refused() {
	# shellcheck disable=SC2016  # for the inner shell
	! bash -c 'source build/setup.sh; source build/artefacts.sh; out=$1 made=(); artefact "$2" 1' - "$work/out" "${deb##*/}" 2>"$work/said" ||
		die 'A package beyond its budget is not refused.'
	grep -q 'larger than its budget of 1 MB' "$work/said" || die 'Of a package beyond its budget it says:' "$(<"$work/said")"
}

# look lets the tools of Debian look at the package.
look() {
	say 'What the tools find'
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$deb"
	dpkg-deb -x "$deb" "$work/tree"
	desktop-file-validate "$work/tree/usr/share/applications/nectar.desktop"
	appstreamcli validate --no-net "$work/tree/usr/share/metainfo/org.nectar.Nectar.metainfo.xml"
	LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$work/tree/usr/share/man/man1/nectar.1.gz" 2>"$work/man" >/dev/null
	[[ ! -s $work/man ]] || die 'The manual page has faults:' "$(<"$work/man")"
	dpkg-deb --field "$deb" Depends Recommends
}

# old_enough makes sure that the programs run on the oldest system that we name:
# Ubuntu 22.04 has glibc 2.35.
old_enough() {
	local needs
	needs=$(objdump -T "$work"/tree/usr/lib/nectar/* | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
	say "They need $needs"
	[[ $(printf '%s\n' "$needs" GLIBC_2.35 | sort -V | tail -n 1) == GLIBC_2.35 ]] ||
		die "Ubuntu 22.04 has glibc 2.35, the programs need $needs."
}

# again makes the packages once more, from a checkout elsewhere: they are equal.
again() {
	if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
		say 'Not compared with a second build: there are changes that are not committed.'
		return
	fi
	git clone --quiet --shared . "$work/elsewhere"
	ln -s "$root/frontend/node_modules" "$work/elsewhere/frontend/node_modules"
	NECTAR_SIGN_KEY=$work/key NECTAR_OUT=$work/second bash "$work/elsewhere/build/package.sh" linux >"$work/said"
	diff -r "$work/out" "$work/second" || die 'Two builds of one commit differ.'
	say 'A second build, in another folder, is equal.'
}

# person makes a home for somebody with a name that is hard on programs.
person() {
	export HOME="$work/لينا يوسف 100%" XDG_RUNTIME_DIR="$work/run"
	unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME NECTAR_DATA
	mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
	chmod 700 "$XDG_RUNTIME_DIR"
	data=$HOME/.local/share/nectar
}

open_display() {
	# Whoever is on this machine may use it: windows of several people are opened.
	Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp -ac 3>"$work/display" 2>/dev/null &
	display=$!
	until_true test -s "$work/display"
	DISPLAY=:$(<"$work/display")
	export DISPLAY
}

# from_the_menu starts the window as the menu does, waits until it has shown
# something, and closes it.
from_the_menu() {
	local entry=$1 window
	rm -f "$data"/logs/*
	env -u DBUS_SESSION_BUS_ADDRESS gio launch "$entry" >"$work/menu" 2>&1
	until_true grep -q 'first paint' "$data"/logs/nectar.log
	window=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$data/owner.json")
	[[ -z ${SHOTS:-} ]] || until_true shoot "$SHOTS/installed.png"
	kill "$window"
	until_true not_running "$window"
}

# shoot takes a picture of the display, in which there is more than its colour.
shoot() {
	import -window root "$1" && (($(identify -format %k "$1") > 200))
}

not_running() { ! kill -0 "$1" 2>/dev/null; }

# imports brings the sample channel by the installed command.
imports() {
	quietly "$program" import "$sample" --from sample
	tells "$sample" "$program" channels --json || die 'There is no channel after the import.'
}

installs_by_apt() {
	if ((EUID != 0)); then
		say 'Not installed by apt: that needs the superuser.'
		return
	fi
	if [[ -e /usr/bin/nectar ]]; then
		say 'Not installed by apt: a Nectar is installed here.'
		return
	fi
	say 'Installing by apt'
	cp "$deb" "$work/nectar.deb" && chmod 755 "$work"
	installed=yes
	quietly apt install --no-install-recommends "$work/nectar.deb"
	program=/usr/bin/nectar
	[[ "nectar $(dpkg-query -W -f '${Version}' nectar | tr '~' -)" == "$("$program" --version)" ]] || die 'The versions differ.'
	imports
	opens_its_files
	from_the_menu /usr/share/applications/nectar.desktop
	serves_two_people
	quietly apt purge nectar
	installed=
	[[ ! -e /usr/bin/nectar && ! -e /usr/lib/nectar ]] || die 'Something of the package is left.'
	[[ -f $data/app.sqlite3 ]] || die 'Removing the package removed the data.'
	say 'Installed, started from its entry, imported, removed; the data stays.'
}

# opens_its_files asks the desktop about the file that an export puts beside its
# channels.
opens_its_files() {
	quietly "$program" export "$sample" --to "$work/drive-1"
	gio info -a standard::content-type,standard::icon "$work/drive-1/Nectar.nectar" >"$work/said"
	grep -q 'content-type: application/x-nectar-channels' "$work/said" || die 'A file of Nectar is not known:' "$(<"$work/said")"
	grep -q 'icon:.* nectar' "$work/said" || die 'A file of Nectar has another icon:' "$(<"$work/said")"
	tells nectar.desktop gio mime application/x-nectar-channels || die 'Nothing opens the files of Nectar.'
}

# add_person makes another user of this machine, whose home others may look into.
add_person() {
	local user=$1 home=$2
	people+=("$user")
	quietly useradd --no-create-home --home-dir "$work/people/$user" --shell /bin/sh "$user"
	mkdir -p "$home"
	chown -R "$user:" "$home"
}

remove_person() {
	pkill -KILL -U "$1" 2>/dev/null || true # of this user of ours alone
	userdel "$1" >/dev/null 2>&1 || true
}

# as runs a command as one of them, as somebody who has just signed in.
as() {
	local user=$1
	shift
	(cd / && exec runuser -u "$user" -- env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME="${homes[$user]}" DISPLAY="$DISPLAY" "$@")
}

# serves_two_people lets two users without any rights work on one laptop at the
# same time: one with the archive in a folder of their own, the other with the
# package.
serves_two_people() {
	local one=nectar-$$-1 two=nectar-$$-2 user where
	declare -A homes=([$one]="$work/people/لينا يوسف 100%" [$two]="$work/people/amina o'neill")
	declare -A programs=([$one]="${homes[$one]}/.local/bin/nectar" [$two]=/usr/bin/nectar)
	declare -A folders=([$one]="${homes[$one]}/.local/share/nectar" [$two]="${homes[$two]}/.local/share/nectar")
	for user in "$one" "$two"; do
		add_person "$user" "${homes[$user]}"
	done
	unpack
	as "$one" sh "$work/unpacked/install.sh" --quiet
	quietly as "$one" "${programs[$one]}" import "$sample" --from sample
	for user in "$one" "$two"; do
		as "$user" "${programs[$user]}" work >"$work/work-$user" 2>&1 &
	done
	for user in "$one" "$two"; do
		until_true test -s "${folders[$user]}/owner.json"
		quietly as "$user" "${programs[$user]}" enqueue device.backup --wait
	done
	tells "$sample" as "$one" "${programs[$one]}" channels --json || die 'The first person does not see their own channel.'
	! tells "$sample" as "$two" "${programs[$two]}" channels --json || die 'The second person sees a channel of the first.'
	for where in "${folders[$one]}" "/tmp/nectar-$(id -u "$one")"; do
		! as "$two" ls "$where" >/dev/null 2>&1 || die "The second person sees into $where."
	done
	! as "$two" "${programs[$two]}" --data "${folders[$one]}" jobs >/dev/null 2>&1 || die "The second person opens the first one's data."
	tells '"work"' as "$one" "${programs[$one]}" stop --json || die 'What the first person runs did not stop.'
	[[ -s ${folders[$two]}/owner.json && ! -s ${folders[$one]}/owner.json ]] || die 'Stopping is not for one person alone.'
	tells '"work"' as "$two" "${programs[$two]}" stop --json || die 'What the second person runs did not stop.'
	for user in "$one" "$two"; do
		as "$user" "${programs[$user]}" >"$work/window-$user" 2>&1 &
	done
	for user in "$one" "$two"; do
		until_true grep -q 'first paint' "${folders[$user]}/logs/nectar.log"
	done
	for user in "$one" "$two"; do
		[[ -s ${folders[$user]}/owner.json ]] || die 'Two people cannot have their windows open at once.'
		tells '"window"' as "$user" "${programs[$user]}" stop --json || die 'A window did not close.'
	done
	for user in "$one" "$two"; do
		[[ $(find "${folders[$user]}" ! -user "$user" | wc -l) == 0 ]] || die 'A file belongs to another person.'
	done
	first_starts "$one"
	say 'Two people use it at the same time: neither meets the other.'
}

# first_starts is what a first start may meet, for a person who cannot write the
# programs: a data folder on another drive, one of a newer version, a full disk.
first_starts() {
	local person=$1 data=/dev/shm/nectar-$$ status=0 sum
	mkdir "$data" && chown "$person:" "$data"
	quietly as "$person" /usr/bin/nectar --data "$data" import "$sample" --from sample
	printf '\0\0\x27\x0f' | dd of="$data/app.sqlite3" bs=1 seek=60 conv=notrunc status=none # the version of what is stored
	sum=$(sha256sum "$data/app.sqlite3")
	as "$person" /usr/bin/nectar --data "$data" --json enqueue device.backup >/dev/null 2>"$work/said" || status=$?
	[[ $status == 2 && $(<"$work/said") == *'"newer_data"'* ]] || die "Of newer data it says ($status):" "$(<"$work/said")"
	[[ $(sha256sum "$data/app.sqlite3") == "$sum" ]] || die 'Data of a newer version were changed.'
	rm -rf "$data"
	mkdir "$work/small"
	mount -t tmpfs -o size=1m tmpfs "$work/small" 2>/dev/null || {
		say 'A full disk was not tried: no small one can be mounted here.'
		return
	}
	chown "$person:" "$work/small"
	quietly as "$person" /usr/bin/nectar --data "$work/small/data" enqueue device.backup
	! dd if=/dev/zero of="$work/small/rest" bs=1k status=none 2>/dev/null || die 'The disk is not full.'
	status=0
	as "$person" /usr/bin/nectar --data "$work/small/other" --json enqueue device.backup >/dev/null 2>"$work/said" || status=$?
	[[ $status == 2 && $(<"$work/said") == *'"disk_full"'* ]] || die "Of a full disk it says ($status):" "$(<"$work/said")"
	truncate --size -160K "$work/small/rest"
	quietly as "$person" /usr/bin/nectar --data "$work/small/data" jobs
	umount "$work/small"
}

unpack() {
	[[ ! -d $work/unpacked ]] || return 0
	mkdir "$work/unpacked"
	tar -xzf "$archive" -C "$work/unpacked" --strip-components=1
}

installs_for_one_user() {
	say 'Installing for one user'
	unpack
	quietly sh "$work/unpacked/install.sh"
	program=$HOME/.local/bin/nectar
	desktop-file-validate "$HOME/.local/share/applications/nectar.desktop"
	chmod -R a-w "$HOME/.local/lib/nectar" # programs need not be written
	imports
	from_the_menu "$HOME/.local/share/applications/nectar.desktop"
	chmod -R u+w "$HOME/.local/lib/nectar"
}

# updates puts a signed update onto a drive and installs it from there.
updates() {
	brings_an_update 99.0.0
	from_the_menu "$HOME/.local/share/applications/nectar.desktop"
	[[ ! -f $HOME/.local/lib/nectar/trial ]] || die 'The update stays on trial after its window was seen.'
	say 'Updated from a drive.'
}

# goes_back_from_an_update brings one whose window does not open, and then none.
goes_back_from_an_update() {
	"$program" channels --json >"$work/channels"
	brings_an_update 99.1.0 'nectar-window'
	from_the_menu "$HOME/.local/share/applications/nectar.desktop" # that of before
	[[ $(readlink "$HOME/.local/lib/nectar/current") == versions/99.0.0 ]] || die 'The version before is not back.'
	[[ ! -f $HOME/.local/lib/nectar/trial ]] || die 'What failed is still on trial.'
	grep -q 99.1.0 "$data"/logs/nectar.log || die 'Nobody is told which version did not start.'
	"$program" channels --json | cmp - "$work/channels" || die 'The channels have changed.'
	say 'An update whose window does not open gives way to the version before.'
}

# brings_an_update installs a version from a drive. A program of it that is named
# does not start.
brings_an_update() {
	local version=$1 broken=${2:-} tree=$work/newer drive=$work/drive-$1
	rm -rf "$tree"
	cp -r "$work/unpacked" "$tree"
	printf '%s\n' "$version" >"$tree/VERSION"
	[[ -z $broken ]] || printf '#!/bin/sh\nexit 1\n' >"$tree/programs/$broken"
	mkdir "$drive"
	tar -czf "$drive/nectar-$version-linux-amd64.tar.gz" -C "$work" newer
	"$work/sign" -key "$work/key" -version "$version" "$drive"
	tells "$version" "$program" upgrade --from "$drive" || die 'The update on the drive is not found.'
	quietly "$program" upgrade install --from "$drive"
	[[ $(readlink "$HOME/.local/lib/nectar/current") == "versions/$version" ]] || die 'The update is not in use.'
	[[ -f $HOME/.local/lib/nectar/trial ]] || die 'The update is not on trial.'
}

removes_for_one_user() {
	quietly sh "$HOME/.local/lib/nectar/install.sh" --uninstall
	[[ ! -e $program && ! -e $HOME/.local/lib/nectar ]] || die 'Something of the programs is left.'
	[[ -f $data/app.sqlite3 ]] || die 'Uninstalling removed the data.'
	say 'Installed for one user, used, removed; the data stays.'
}

# without_webkit starts the window where a library that it needs is missing.
without_webkit() {
	local status=0
	cp -r "$work/tree/usr/lib/nectar" "$work/lacking"
	sed -i 's/libwebkit2gtk-4\.1\.so\.0/libwebkit2gtk-4.9.so.0/g' "$work/lacking/nectar-window"
	env -u DISPLAY "$work/lacking/nectar" >"$work/said" 2>&1 </dev/null || status=$?
	((status == 2)) || die "Without WebKit it ends with $status."
	grep -q libwebkit2gtk-4.1-0 "$work/said" || die 'Without WebKit it does not name the package:' "$(<"$work/said")"
	! grep -q 'error while loading' "$work/said" ||
		die 'Without WebKit the loader speaks:' "$(<"$work/said")"
	say 'Without WebKit it names the package to install.'
}

main() {
	complete git cc go node
	go_settings
	command -v apt-get >/dev/null || {
		say 'skipped: packages of Debian are made and examined by its own tools'
		exit 77
	}
	install_packages "${checkers[@]}" "${display_packages[@]}"
	make_packages
	too_large_is_refused
	look
	old_enough
	without_webkit
	[[ ${1:-} == --once ]] || again
	person
	open_display
	installs_by_apt
	installs_for_one_user
	updates
	goes_back_from_an_update
	removes_for_one_user
}

main "$@"
