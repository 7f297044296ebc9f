#!/usr/bin/env bash
# Makes the installer for Windows and uses it under Wine as a person does: from
# the first installation to the last file that is removed. The window cannot be
# seen there, since Wine has no WebView2; the command line can. With --once the
# installer is not compressed, nor made a second time, to be compared.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
# shellcheck source=build/artefacts.sh
source "$root/build/artefacts.sh"
# shellcheck source=build/windows/package.sh
source "$root/build/windows/package.sh"

readonly sample=be35a0d0f10e45ec9a7e6c0ffee0be35
readonly uninstall_key='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Nectar'

main() {
	cd "$root"
	complete git cc go node || exit 1
	go_settings
	command -v apt-get >/dev/null || {
		say 'skipped: Wine is installed by apt-get alone'
		exit 77
	}
	install_packages wine wine64 osslsigncode openssl zstd || exit 1

	NECTAR_OUT=$(mktemp -d)
	export NECTAR_SIGN_KEY=$NECTAR_OUT/key
	go run ./build/sign -new "$NECTAR_SIGN_KEY" >/dev/null
	begin_packages
	trap 'stop_wine; stop_display; unmount; rm -rf "$work" "$NECTAR_OUT"' EXIT
	make_certificate
	setup=$out/nectar-$version-windows-setup.exe
	if [[ ${1:-} == --once ]]; then
		package_quickly
	else
		package_windows
	fi
	older=$work/older.exe
	version=0.0.1 windows_installer "$older" -DFAST || exit 1
	update=$work/drive/update
	mkdir -p "$update"
	version=99.0.0 windows_installer "$update/nectar-99.0.0-windows-setup.exe" -DFAST || exit 1
	go run ./build/sign -key "$NECTAR_SIGN_KEY" -version 99.0.0 "$update" || exit 1
	go build -o "$work/makechannel" ./build/e2e/makechannel || exit 1
	mkdir "$work/parts"
	for_windows go test -c -o "$work/parts/" "${parts[@]/#/./backend/}" || exit 1

	signatures_are_whole
	programs_say_what_they_are
	[[ ${1:-} == --once ]] || two_builds_are_equal
	at_least "$(wine --version | sed 's/^wine-\([0-9.]*\).*/\1/')" 8.0 || {
		say 'skipped: before Wine 8 it does not know what the programs ask of Windows (Debian 12 has it, Ubuntu 24.04 as well)'
		exit 77
	}
	start_wine
	the_parts_hold
	nothing_is_installed_without_webview2
	two_people_use_it
	it_is_installed
	a_channel_comes_from_a_drive
	a_first_start_may_meet
	the_window_says_what_is_missing
	it_is_replaced_while_it_works
	an_older_one_is_refused
	the_version_before_comes_back
	it_is_removed_and_the_data_stays
	webview2_is_brought_along
	[[ ${1:-} == --once ]] || the_uninstaller_asks
}

# package_quickly makes the installer without compressing it, which takes longest.
# Its budget is held by what packs the same in a moment, and never as small.
package_quickly() {
	windows_tools || exit 1
	pages
	windows_programs || exit 1
	windows_installer "$setup" -DFAST || exit 1
	tar -c -C "$work" windows notices | zstd --quiet --long=27 >"$out/packed-quickly"
	artefact packed-quickly 20
	say "${made[-1]}"
	rm "$out/packed-quickly"
}

holds() {
	say "  $*"
}

fails() {
	die "FAILED: $*"
}

# make_certificate makes one that nobody else trusts, to sign with.
make_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=Nectar test' -addext extendedKeyUsage=codeSigning \
		-keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
	export NECTAR_WINDOWS_CERT=$work/cert.pem NECTAR_WINDOWS_KEY=$work/key.pem
}

signatures_are_whole() {
	local file
	for file in "$setup" "$work/windows/nectar.exe" "$work/windows/nectar-window.exe"; do
		osslsigncode verify -CAfile "$work/cert.pem" -in "$file" >"$work/verify.log" 2>&1 || fails "$(<"$work/verify.log")"
	done
	holds 'the installer and both programs are signed'
}

# programs_say_what_they_are looks at what Windows reads of a program before it
# starts it. With a manifest that it does not understand it starts none, and Wine does.
programs_say_what_they_are() {
	local file line quad found=$work/found.rc
	quad=$(windows_version "$version")
	[[ $quad =~ ^[0-9]+(\.[0-9]+){3}$ ]] || fails "Windows does not know a version like $quad"
	sed "s/@QUAD@/$quad/" "$windows_here/manifest.xml" >"$work/wanted.xml"
	for file in nectar.exe nectar-window.exe; do
		x86_64-w64-mingw32-windres -J coff -O rc "$work/windows/$file" "$found" || fails "$file has nothing to say"
		for line in '3 14 /* RT_GROUP_ICON */' "FILEVERSION ${quad//./, }" "PRODUCTVERSION ${quad//./, }" \
			"VALUE \"FileVersion\", \"$version\"" "VALUE \"OriginalFilename\", \"$file\"" 'VALUE "ProductName", "Nectar"'; do
			grep -qF "$line" "$found" || fails "$file does not say: $line"
		done
		sed -n '/RT_MANIFEST/,/^END/ { s/^  "//; T; s/\\n"$//; s/""/"/g; p }' "$found" >"$work/found.xml"
		diff "$work/wanted.xml" "$work/found.xml" || fails "$file has another manifest"
	done
	holds 'the programs say what they are: icon, version, manifest'
}

two_builds_are_equal() {
	mv "$work/windows" "$work/first"
	windows_programs || fails 'it cannot be built twice'
	windows_installer "$work/second.exe" || fails 'it cannot be packed twice'
	local file
	for file in nectar.exe nectar-window.exe; do
		cmp "$work/first/$file" "$work/windows/$file" || fails "two builds of $file differ"
	done
	cmp "$setup" "$work/second.exe" || fails 'two builds of the installer differ'
	holds 'two builds of one commit are equal'
}

# start_wine makes a Windows that nothing was ever done with, of a user whose
# folder has no Desktop yet.
start_wine() {
	export HOME=$work/home WINEPREFIX=$work/wine WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
	unset DISPLAY WAYLAND_DISPLAY
	mkdir -p "$HOME/Desktop"
	wine wineboot --init >/dev/null 2>&1
	wine winecfg -v win10 >/dev/null 2>&1
	x86_64-w64-mingw32-gcc -shared -s -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" \
		"$windows_here/processprng.c" -ladvapi32
	# Windows looks for its drives when it starts. From here on it stays, since it
	# would start anew for every program.
	wineserver --kill || true
	wineserver --wait
	mkdir "$work/small"
	ln -s "$work/small" "$WINEPREFIX/dosdevices/f:"
	ln -s "$work/drive" "$WINEPREFIX/dosdevices/e:"
	wineserver --persistent
	local folders=("$WINEPREFIX"/drive_c/users/*/AppData/Local)
	local_data=${folders[0]}
	program=$local_data/Programs/Nectar
	data=$local_data/nectar
}

# unmount takes away what a test that failed has left.
unmount() {
	local place
	for place in "$work/small" "${program:-}"; do
		! mountpoint -q "$place" || umount "$place" || true
	done
}

stop_display() {
	[[ -z ${display:-} ]] || kill "$display" 2>/dev/null || true
}

stop_wine() {
	[[ -z ${WINEPREFIX:-} ]] || wineserver -k 2>/dev/null || true
}

# windows runs a program of Windows, which must end with the status.
windows() {
	local want=$1 status=0
	shift
	timeout 300 wine "$@" </dev/null 2>"$work/stderr" || status=$?
	((status == want)) || fails "$* ends with $status, not $want: $(<"$work/stderr")"
}

# nectar runs the installed program.
nectar() {
	windows "$1" "$program/nectar.exe" "${@:2}"
}

# answer answers the value of a field in the JSON on standard input. The first
# one counts.
answer() {
	sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

registry() {
	wine reg query "$uninstall_key" /v "$1" 2>/dev/null | tr -d '\r' | sed -n 's/.*REG_[A-Z]*  *//p'
}

# value answers the value of a key that has no name.
value() {
	wine reg query "$1" /ve 2>/dev/null | tr -d '\r' | sed -n 's/.*REG_[A-Z]*  *//p'
}

# until waits until the command succeeds.
until_it() {
	local tries
	for ((tries = 0; tries < 600; tries++)); do
		! "$@" 2>/dev/null || return 0
		sleep 0.2
	done
	fails "it did not come to: $*"
}

nothing_is_installed_without_webview2() {
	windows 4 "$setup" /S
	[[ ! -e $program ]] || fails 'something was installed without WebView2'
	holds 'without WebView2 nothing is installed, unless that is wanted'
}

# parts are the packages that speak with Windows itself.
readonly parts=(atomicfile clock config datadir drive handover sqlitedb task update windowstate)

# the_parts_hold runs the tests of these. Wine 8 knows neither links nor the way
# in which Go removes the folder of a test: those alone are overlooked. Without a
# display it makes no windows either, but for those of a driver that draws nothing.
the_parts_hold() {
	local part drivers='HKCU\Software\Wine\Drivers'
	wine reg add "$drivers" /v Graphics /d null /f >/dev/null 2>&1
	for part in "${parts[@]}"; do
		(cd "backend/$part" && timeout 300 wine "$work/parts/$part.test.exe" -test.short -test.skip '^TestRefuseTarget$') \
			</dev/null >"$work/parts/$part" 2>&1 || true
		tr -d '\r' <"$work/parts/$part" | grep -v -e '^ *--- FAIL: ' -e 'TempDir RemoveAll cleanup: .*: Invalid function\.$' -e '^FAIL$' >"$work/said" || true
		if [[ -s $work/said ]]; then
			[[ $(<"$work/said") == PASS ]] || fails "$part: $(<"$work/said")"
		else
			grep -q '^FAIL$' "$work/parts/$part" || fails "the tests of $part did not end"
		fi
	done
	wine reg delete "$drivers" /v Graphics /f >/dev/null 2>&1
	wineserver --kill || true # what asks a person is to fail again, and not to wait for one
	wineserver --wait
	wineserver --persistent
	holds "the tests of ${parts[*]} pass on Windows"
}

# two_people_use_it installs for two at once. The second one's name is in other
# letters, with a space and a sign that means something in commands of Windows.
# Wine has one account, so that their folders differ, and not their rights.
two_people_use_it() {
	local user='لينا يوسف 100%' plain=${local_data#"$WINEPREFIX/drive_c/"} first second
	windows 0 "$older" /S /NOWEBVIEW2
	nectar 0 import $sample --from sample --json >"$work/import.json"
	wine "$program/nectar.exe" work >"$work/first.log" 2>&1 </dev/null &
	first=$!
	until_it test -s "$data/owner.json"
	forget_installation
	second=$WINEPREFIX/drive_c/users/$user/AppData/Local
	mkdir -p "$second"
	local_folder "C:\\users\\$user\\AppData\\Local"
	program=$second/Programs/Nectar data=$second/nectar uses_it
	local_folder "C:\\${plain//\//\\}"
	[[ -s $data/owner.json ]] || fails 'what the first person runs has ended with what the second one ran'
	nectar 0 stop --json >"$work/stop.json"
	[[ $(answer stopped <"$work/stop.json") == work ]] || fails "what the first person ran is $(<"$work/stop.json")"
	wait $first || fails "what the first person ran failed: $(<"$work/first.log")"
	forget_installation
	rm -rf "$second" "$program" "$data"
	holds "two people use it at once, one of them with the name $user"
}

# uses_it installs, starts from the folder of the programs, and is replaced.
uses_it() {
	windows 0 "$older" /S /NOWEBVIEW2
	nectar 0 channels --json >"$work/none.json"
	! grep -q $sample "$work/none.json" || fails 'the second person has the channels of the first'
	(cd "$program" && nectar 0 import $sample --from sample --json >"$work/import.json")
	[[ $(answer status <"$work/import.json") == COMPLETED ]] || fails "$(<"$work/import.json")"
	[[ -s $data/app.sqlite3 ]] || fails 'the data folder of a name in other letters is elsewhere'
	goes_on_after "$older"
}

# forget_installation makes the next one the first one of this Windows.
forget_installation() {
	wine reg delete "$uninstall_key" /f >/dev/null 2>&1
}

# local_folder lets Windows keep what is of this user and this laptop elsewhere.
local_folder() {
	wine reg add 'HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders' /f \
		/v 'Local AppData' /t REG_SZ /d "$1" >/dev/null 2>&1
}

it_is_installed() {
	windows 0 "$older" /S /NOWEBVIEW2 /DESKTOP
	local file
	for file in nectar.exe nectar-window.exe licence.txt third-party.txt uninstall.exe; do
		[[ -s $program/$file ]] || fails "$file was not installed"
	done
	[[ ! -e $program/new ]] || fails 'something is left of unpacking'
	menu=$(find "$WINEPREFIX/drive_c/users" -path '*Start Menu*' -name Nectar.lnk)
	[[ -n $menu ]] || fails 'the start menu has no entry'
	[[ -e $HOME/Desktop/Nectar.lnk ]] || fails 'the desktop has no icon'
	[[ $(registry DisplayVersion) == 0.0.1 ]] || fails "the version is $(registry DisplayVersion)"
	(($(registry EstimatedSize) > 1000)) || fails "the size is $(registry EstimatedSize)"
	[[ $(registry QuietUninstallString) == *'uninstall.exe" /S' ]] || fails 'it cannot be removed quietly'
	osslsigncode verify -CAfile "$work/cert.pem" -in "$program/uninstall.exe" >/dev/null 2>&1 ||
		fails 'the uninstaller is not signed'
	[[ $(value 'HKCU\Software\Classes\.nectar') == Nectar.Channels ]] || fails 'the files of exports have no type'
	[[ $(value 'HKCU\Software\Classes\Nectar.Channels\DefaultIcon') == *'\nectar-window.exe,0' ]] || fails 'the files of exports have no icon'
	[[ $(value 'HKCU\Software\Classes\Nectar.Channels\shell\open\command') == *'\nectar-window.exe" "%1"' ]] ||
		fails 'the files of exports are not opened'
	holds 'it is installed for this user, with entries, a type of file and a size'
}

# a_channel_comes_from_a_drive imports one whose name, place and data folder are
# as hard for Windows as they can be.
a_channel_comes_from_a_drive() {
	local part='sehr langer Ordner für die Schüler der مدرسة' deep name='Mathe für مدرسة'
	deep="$part/$part/$part/$part/$part/$part"
	((${#deep} > 260)) || fails 'the path is not long'
	channel=$("$work/makechannel" -name "$name" "$work/drive/$deep" | answer id)
	nectar 0 import "$channel" --from "e:\\${deep//\//\\}" --json >"$work/import.json"
	[[ $(answer status <"$work/import.json") == COMPLETED ]] || fails "$(<"$work/import.json")"
	[[ -s $data/app.sqlite3 ]] || fails 'the data folder is not where it should be'
	nectar 0 channels --json >"$work/channels.json"
	grep -qF "$name" "$work/channels.json" || fails "the channel is called $(<"$work/channels.json")"
	nectar 0 --data "e:\\Daten\\${deep//\//\\}" import $sample --from sample --json >"$work/import.json"
	[[ -s $work/drive/Daten/$deep/app.sqlite3 ]] || fails 'there is no database at the end of a long path'
	# Windows has no zones by these names.
	nectar 0 --data 'e:\Daten' enqueue device.backup --cron 'CRON_TZ=Asia/Kathmandu 30 7 * * *' >/dev/null
	"$work/makechannel" -seed 2 "$work/drive" >/dev/null
	until_it listed
	holds 'a channel comes from a drive: long paths, names in other letters, SQLite; times of any zone'
}

# a_first_start_may_meet programs that cannot be written, data of a newer version
# and a full disk.
a_first_start_may_meet() {
	local mounts=() data=$work/small/Daten
	[[ ! -d $program/before ]] || fails 'something is left of an update'
	if mount -t tmpfs -o size=2m tmpfs "$work/small" 2>/dev/null; then
		mounts=("$work/small")
		mount --bind "$program" "$program" && mounts+=("$program") && mount -o remount,bind,ro "$program"
		! touch "$program/x" 2>/dev/null || fails 'the programs can be written'
	fi
	nectar 0 --data 'f:\Daten' enqueue device.backup >/dev/null
	if ((${#mounts[@]})); then
		! dd if=/dev/zero of="$work/small/rest" bs=1k status=none 2>/dev/null || fails 'the disk is not full'
		nectar 2 --data 'f:\other' --json enqueue device.backup >/dev/null
		grep -q '"disk_full"' "$work/stderr" || fails "of a full disk it says $(<"$work/stderr")"
		nectar 2 --data 'f:\Daten' --json enqueue device.backup >/dev/null
		grep -q '"disk_full"' "$work/stderr" || fails "of data without a free byte it says $(<"$work/stderr")"
		truncate --size -160K "$work/small/rest"
		nectar 0 --data 'f:\Daten' jobs >/dev/null
		rm "$work/small/rest"
	fi
	printf '\0\0\x27\x0f' | dd of="$data/app.sqlite3" bs=1 seek=60 conv=notrunc status=none # the version of what is stored
	cp "$data/app.sqlite3" "$work/newer"
	nectar 2 --data 'f:\Daten' --json enqueue device.backup >/dev/null
	grep -q '"newer_data"' "$work/stderr" || fails "of newer data it says $(<"$work/stderr")"
	cmp "$data/app.sqlite3" "$work/newer" || fails 'data of a newer version were changed'
	((${#mounts[@]} == 0)) || umount "${mounts[@]}"
	holds 'programs that cannot be written, a full disk, data of a newer version and on another drive'
}

# listed reports whether the drive is in the list of sources, which leaves out
# what does not answer within two seconds: a busy machine may need another try.
listed() {
	nectar 0 sources --json >"$work/sources.json"
	grep -qF '"path":"E:' "$work/sources.json"
}

the_window_says_what_is_missing() {
	nectar 2
	grep -q WebView2 "$work/stderr" || fails "without WebView2 it says $(<"$work/stderr")"
	holds 'without WebView2 the window says what is missing'
}

# it_is_replaced_while_it_works installs the newer version while a process of
# the older one runs jobs. It goes on with those of before.
it_is_replaced_while_it_works() {
	nectar 0 import $sample --from sample --json >"$work/import.json" # which the job for later brings again
	nectar 0 channels --json >"$work/channels.json"
	goes_on_after "$setup"
	[[ $(registry DisplayVersion) == "$version" ]] || fails "the version is $(registry DisplayVersion)"
	nectar 0 channels --json | cmp - "$work/channels.json" || fails 'the channels have changed'
	holds 'it is replaced while it works, and goes on with what it had'
}

# goes_on_after runs an installer while jobs are run and another one is for later:
# they stop safely, and afterwards the new version runs the one for later.
goes_on_after() {
	local job worker status=0
	nectar 0 import $sample --from sample --in 1h --json >"$work/job.json"
	job=$(answer id <"$work/job.json")
	rm -f "$data/owner.json"
	wine "$program/nectar.exe" work >"$work/work.log" 2>&1 </dev/null &
	worker=$!
	until_it test -s "$data/owner.json"
	windows 0 "$1" /S /NOWEBVIEW2
	wait $worker || status=$?
	((status == 0)) || fails "the old one ends with $status: $(<"$work/work.log")"
	until_it test -s "$data/owner.json"
	nectar 0 jobs run-now "$job" >/dev/null
	until_it completed "$job"
	nectar 0 stop --json >"$work/stop.json"
	[[ $(answer stopped <"$work/stop.json") == work ]] || fails "what ran is $(<"$work/stop.json")"
}

completed() {
	nectar 0 jobs show "$1" --json >"$work/shown.json"
	grep -q '"status":"COMPLETED"' "$work/shown.json"
}

an_older_one_is_refused() {
	windows 5 "$older" /S /NOWEBVIEW2
	[[ $(registry DisplayVersion) == "$version" ]] || fails 'an older version took the place of a newer one'
	holds 'an older version does not replace a newer one by accident'
}

# the_version_before_comes_back lets Nectar bring an update of itself whose window
# does not open, as none does here.
the_version_before_comes_back() {
	local file
	# Whoever was there before is known by a byte at its end.
	for file in nectar.exe nectar-window.exe; do
		printf x >>"$program/$file"
	done
	nectar 0 channels --json >"$work/channels.json"
	nectar 0 upgrade install --from 'e:\update' >"$work/upgrade.log"
	until_it test -s "$program/trial-99.0.0"
	wine taskkill /f /im nectar-99.0.0-windows-setup.exe >/dev/null 2>&1 || true # which asks a person
	windows 0 "$data/updates/nectar-99.0.0-windows-setup.exe" /S /NOWEBVIEW2
	[[ $(registry DisplayVersion) == 99.0.0 && -s $program/trial && ! -e $program/trial-99.0.0 ]] || fails 'the update is not on trial'
	for file in nectar.exe nectar-window.exe; do
		! marked "$program/$file" || fails "$file was not replaced"
		marked "$program/before/$file" || fails "$file is not kept"
	done
	nectar 0 # the window of before is started, and not waited for
	for file in nectar.exe nectar-window.exe; do
		marked "$program/$file" || fails "$file of before is not back"
	done
	[[ $(registry DisplayVersion) == "$version" ]] || fails "the version is $(registry DisplayVersion)"
	nectar 0 channels --json | cmp - "$work/channels.json" || fails 'the channels have changed'
	[[ -s $program/failed && ! -e $program/trial ]] || fails 'what failed is not told'
	nectar 0 work --until-idle >"$work/work.log"
	[[ ! -e $program/failed && ! -e $program/not-started ]] || fails 'what failed is not noticed'
	holds 'an update whose window does not open gives way to the version before'
}

marked() {
	tail -c 1 "$1" | grep -q x
}

it_is_removed_and_the_data_stays() {
	local before
	before=$(data_files)
	echo mine >"$program/mine.txt"
	leave_notices
	windows 0 "$program/uninstall.exe" /S
	until_it test ! -e "$program/uninstall.exe"
	until_it test -z "$(registry DisplayName)"
	[[ $(ls "$program") == mine.txt ]] || fails "left behind: $(ls "$program")"
	[[ ! -e $menu && ! -e $HOME/Desktop/Nectar.lnk ]] || fails 'an entry is left'
	[[ $(data_files) == "$before" ]] || fails 'the data changed'
	local key
	for key in "${notices_keys[@]}" 'HKCU\Software\Classes\.nectar' 'HKCU\Software\Classes\Nectar.Channels'; do
		! wine reg query "$key" >/dev/null 2>&1 || fails "left behind: $key"
	done
	holds 'it is removed, with its entries, and the data stays'
}

readonly notices_id='{11111111-2222-3333-4444-555555555555}'
readonly notices_keys=(
	"HKCU\\Software\\Classes\\CLSID\\$notices_id"
	'HKCU\Software\Classes\CLSID\{0F82E845-CB89-4039-BDBF-67CA33254C76}'
	'HKCU\Software\Classes\AppUserModelId\nectar-window.exe'
	'HKCU\Software\nectar-window.exe'
)

# leave_notices writes what Wails writes at the first notice of the window.
leave_notices() {
	local exe
	exe=$(wine winepath -w "$program/nectar-window.exe" 2>/dev/null | tr -d '\r')
	wine reg add "${notices_keys[0]}\\LocalServer32" /ve /d "\"$exe\" %1" /f
	wine reg add "${notices_keys[1]}\\LocalServer32" /ve /d "$exe" /f
	wine reg add "${notices_keys[2]}" /v CustomActivator /d "$notices_id" /f
	wine reg add "${notices_keys[3]}\\NotificationCategories" /v Categories /d '{}' /f
} >/dev/null 2>&1

# the_uninstaller_asks opens it as a person does and gives both answers. Whatever
# appears has the keyboard, and another number than what was there before.
the_uninstaller_asks() {
	install_packages "${display_packages[@]}" || exit 1
	Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
	display=$!
	until_it test -s "$work/display"
	DISPLAY=:$(<"$work/display")
	export DISPLAY
	openbox &
	wineserver --kill || true # Windows meets the display when it starts
	wineserver --wait
	uninstalls Return Return # yes, keep
	[[ -s $data/app.sqlite3 ]] || fails 'the data is gone, though it was to be kept'
	uninstalls Return n Return # no, and then: cancel, which is what is offered
	[[ -s $data/app.sqlite3 ]] || fails 'the data is gone, though nobody was sure'
	mkdir -p "${data%/*}/nectar-window/EBWebView" # by WebView2, which Wine has not
	uninstalls Return n Tab+Return # no, and then: sure
	until_it test ! -e "$data"
	until_it test ! -e "${data%/*}/nectar-window"
	holds 'the uninstaller asks whether to keep the data, and obeys'
}

# uninstalls installs, opens the uninstaller, and gives one answer to each thing
# that appears.
uninstalls() {
	local answer
	seen= # numbers are given anew
	windows 0 "$setup" /S /NOWEBVIEW2 /OLDER
	wine "$program/uninstall.exe" /LANGUAGE=en >/dev/null 2>&1 &
	for answer; do
		until_it appears
		[[ -z ${SHOTS:-} ]] || import -window root "$SHOTS/uninstall-$appeared.png"
		until_it pressed "$answer"
	done
	until_it test ! -e "$program/uninstall.exe"
	until_it closed
}

# pressed presses keys in what has appeared, and reports whether the keyboard has
# left it: keys may come before it is ready for them.
pressed() {
	# shellcheck disable=SC2086  # one key after another
	xdotool key --window "$appeared" ${1//+/ } 2>/dev/null
	sleep 1
	[[ $(xdotool getwindowfocus 2>/dev/null) != "$appeared" ]]
}

# closed closes the last page, which stays until somebody does, and reports
# whether nothing of Nectar is shown any more.
closed() {
	local window
	window=$(xdotool search --onlyvisible --name Nectar 2>/dev/null | head -n 1)
	[[ -n $window ]] || return 0
	xdotool key --window "$window" Return 2>/dev/null || true
	return 1
}

# appears reports whether another window has the keyboard, as $appeared.
appears() {
	appeared=$(xdotool getwindowfocus 2>/dev/null) && [[ $seen != *" $appeared "* && $(xdotool getwindowname "$appeared") == *Nectar* ]] || return
	seen+=" $appeared "
}

# webview2_is_brought_along installs with a stand-in for either kind of it.
webview2_is_brought_along() {
	local key='HKCU\Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}'
	x86_64-w64-mingw32-gcc -s -o "$work/runtime.exe" "$windows_here/runtime.c" -ladvapi32
	version=0.0.2 windows_installer "$work/with-setup.exe" -DFAST "-DWEBVIEW2_SETUP=$work/runtime.exe"
	windows 0 "$work/with-setup.exe" /S
	wine reg query "$key" /v pv >/dev/null 2>&1 || fails 'the installer of WebView2 was not run'
	windows 0 "$older" /S /OLDER # WebView2 is there now
	wine reg delete "$key" /f >/dev/null 2>&1
	mkdir -p "$work/fixed/Locales"
	cp "$work/runtime.exe" "$work/fixed/msedgewebview2.exe"
	echo x >"$work/fixed/Locales/x.pak"
	version=0.0.3 windows_installer "$work/with-folder.exe" -DFAST "-DWEBVIEW2_FOLDER=$work/fixed"
	windows 0 "$work/with-folder.exe" /S
	[[ -s $program/webview2/Locales/x.pak ]] || fails 'the fixed version of WebView2 is not there'
	windows 0 "$setup" /S # it keeps that
	[[ -s $program/webview2/msedgewebview2.exe ]] || fails 'an update took WebView2 away'
	holds 'WebView2 is brought along in both kinds, and found where it is'
}

data_files() {
	(cd "$data" && find . -type f | sort)
}

main "$@"
