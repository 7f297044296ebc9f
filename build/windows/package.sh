# shellcheck shell=bash
# Makes the installer for Windows, on Linux. build/package.sh sources it.
#
# Signed when the environment names a certificate:
#
#   NECTAR_WINDOWS_CERT       file with the certificate and its chain (PEM)
#   NECTAR_WINDOWS_KEY        file with its key (PEM)
#   NECTAR_WINDOWS_PASS       file with the password of the key, if it has one
#   NECTAR_WINDOWS_TIMESTAMP  address of a server that confirms the time, so that
#                             signatures outlive the certificate
# shellcheck disable=SC2154  # from build/setup.sh and build/artefacts.sh

readonly windows_here=${BASH_SOURCE[0]%/*}

# windows_version answers the version as four numbers, by which Windows and the
# installer tell which is newer: 1.2.3-dev.456 comes before 1.2.3.
windows_version() {
	local numbers=${1%%-*} last=65535
	[[ $1 != *-* ]] || last=${1##*.}
	printf '%s.%d\n' "$numbers" "$((last < 65535 ? last : 65535))"
}

# windows_tools makes sure that there is what it takes.
windows_tools() {
	local packages=(gcc-mingw-w64-x86-64 nsis)
	[[ -z ${NECTAR_WINDOWS_CERT:-} ]] || packages+=(osslsigncode)
	[[ -z $(windows_webview2 '*.cab') ]] || packages+=(cabextract)
	if command -v apt-get >/dev/null; then
		install_packages "${packages[@]}"
		return
	fi
	local tool
	for tool in x86_64-w64-mingw32-gcc makensis; do
		command -v "$tool" >/dev/null || {
			complain "The installer for Windows needs ${packages[*]} (the names of Debian)."
			return 1
		}
	done
}

# windows_programs builds the two programs into $work/windows, once. With a
# version as argument they say that they are that one.
windows_programs() {
	[[ ! -d $work/windows ]] || return 0
	mkdir "$work/windows"
	say 'Building the programs for Windows'
	windows_program nectar.exe 'Nectar (command line)' &&
		windows_program nectar-window.exe 'Nectar' -H=windowsgui -tags desktop,production,wv2runtime.error
}

# windows_program builds the program $1 with the description $2. What follows
# goes to the linker (-H) and to Go.
windows_program() {
	local name=$1 description=$2 gui=
	shift 2
	if [[ ${1:-} == -H* ]]; then
		gui=$1
		shift
	fi
	local quad resources=$work/${name%.exe}.res.o
	quad=$(windows_version "$version")
	# windres looks beside nectar.rc first, so that what is made has a name of its own.
	sed "s/@QUAD@/$quad/" "$windows_here/manifest.xml" >"$work/made-manifest.xml"
	x86_64-w64-mingw32-windres -I "$windows_here" -I "$work" -D "QUAD=${quad//./,}" -D "VERSION=\\\"$version\\\"" \
		-D "PROGRAM=\\\"$name\\\"" -D "DESCRIPTION=\\\"$description\\\"" -D 'MANIFEST=\"made-manifest.xml\"' \
		"$windows_here/nectar.rc" "$resources" || return
	# Without an id of the build the path of the resources, which is another one
	# each time, leaves no trace.
	for_windows go build -trimpath -buildvcs=false "$@" -o "$work/windows/$name" \
		-ldflags "${go_flags[-1]} -buildid= $gui -extldflags '$resources -Wl,--no-insert-timestamp'" . || return
	windows_sign "$work/windows/$name"
}

# windows_sign signs a file in its place, if there is a certificate.
windows_sign() {
	[[ -n ${NECTAR_WINDOWS_CERT:-} ]] || return 0
	bash "$windows_here/sign.sh" "$1"
}

# windows_webview2 answers the file or folder in build/windows/webview2 that
# fits the pattern; nothing when there is none.
windows_webview2() {
	find "$windows_here/webview2" -mindepth 1 -maxdepth 1 -name "$1" 2>/dev/null | sort | tail -n 1
}

# windows_runtime answers what makes the installer bundle WebView2, as an
# argument of makensis: the installer of the runtime that updates itself, or a
# fixed version, packed or unpacked. Nothing when none is there.
windows_runtime() {
	local found
	found=$(windows_webview2 'MicrosoftEdgeWebView2RuntimeInstallerX64.exe')
	if [[ -n $found ]]; then
		printf -- '-DWEBVIEW2_SETUP=%s\n' "$found"
		return
	fi
	found=$(windows_webview2 'Microsoft.WebView2.FixedVersionRuntime.*.x64.cab')
	if [[ -n $found ]]; then
		cabextract --quiet --directory "$work/webview2" "$found" || return
		found=$(find "$work/webview2" -name msedgewebview2.exe -printf '%h\n' | head -n 1)
	else
		found=$(windows_webview2 'Microsoft.WebView2.FixedVersionRuntime.*.x64')
	fi
	[[ -z $found ]] || printf -- '-DWEBVIEW2_FOLDER=%s\n' "$found"
}

# windows_installer makes the installer $1 of the programs. What follows goes to
# makensis.
windows_installer() {
	local file=$1
	shift
	local arguments=(
		-V2 -WX -NOCD "-DVERSION=$version" "-DQUAD=$(windows_version "$version")" "-DPROGRAMS=$work/windows"
		"-DHERE=$windows_here" "-DLICENCE=$work/licence" "-DNOTICES=$work/notices" "-DOUT=$file" "$@"
	)
	[[ -z ${NECTAR_WINDOWS_CERT:-} ]] || arguments+=("-DSIGN=bash $windows_here/sign.sh")
	notices >/dev/null
	cp "$root/LICENSE" "$work/licence"
	# What is packed has the time of the commit.
	find "$work/windows" "$work/notices" "$work/licence" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	makensis "${arguments[@]}" "$windows_here/project.nsi" || return
	windows_sign "$file"
}

# package_windows makes the installer, and another one that brings WebView2
# along where that lies in build/windows/webview2.
package_windows() {
	windows_tools || die 'The installer for Windows cannot be made without these.'
	pages
	windows_programs || die 'The programs for Windows could not be built.'
	say 'Packing them'
	local name=nectar-$version-windows-setup runtime
	windows_installer "$out/$name.exe" || die 'The installer for Windows could not be made.'
	artefact "$name.exe" 20
	runtime=$(windows_runtime) || die 'The WebView2 in build/windows/webview2 cannot be unpacked.'
	if [[ -n $runtime ]]; then
		windows_installer "$out/$name-with-webview2.exe" "$runtime" || die 'The installer with WebView2 could not be made.'
		artefact "$name-with-webview2.exe" 400
	fi
}
