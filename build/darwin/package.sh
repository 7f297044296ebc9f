# shellcheck shell=bash
# Makes the disk image for macOS, on macOS. build/package.sh sources it. Nobody
# has run it yet; docs/installing.md says what is untested.
# shellcheck disable=SC2154  # from build/setup.sh and build/artefacts.sh

# package_macos makes the bundle, for Intel and Apple processors in one, signs
# it where MACOS_IDENTITY names a certificate, and has Apple notarise the image
# where MACOS_NOTARY_PROFILE names a profile of notarytool.
package_macos() {
	[[ $(uname -s) == Darwin ]] || die 'The package for macOS can be made on macOS alone: it needs Xcode.'
	pages
	local app=$work/image/Nectar.app name=Nectar-$version.dmg architecture program
	mkdir -p "$app/Contents"/{MacOS,Resources}
	for architecture in amd64 arm64; do
		darwin_build "$architecture" nectar ''
		darwin_build "$architecture" nectar-window desktop,production
	done
	for program in nectar nectar-window; do
		lipo -create -output "$app/Contents/MacOS/$program" "$work/$program-amd64" "$work/$program-arm64"
	done
	sed "s/@RELEASE@/${version%%-*}/; s/@BUILD@/${version/-dev./.}/" "$root/build/darwin/Info.plist" >"$app/Contents/Info.plist"
	darwin_icon "$app/Contents/Resources/nectar.icns"
	notices >"$app/Contents/Resources/THIRD-PARTY.txt"
	cp "$root/LICENSE" "$app/Contents/Resources/"
	if [[ -n ${MACOS_IDENTITY:-} ]]; then
		for program in nectar nectar-window; do
			darwin_sign "$app/Contents/MacOS/$program"
		done
		darwin_sign "$app"
		codesign --verify --deep --strict "$app"
	fi
	ln -s /Applications "$work/image/Applications"
	hdiutil create -quiet -volname Nectar -srcfolder "$work/image" -format UDZO "$out/$name"
	if [[ -n ${MACOS_NOTARY_PROFILE:-} ]]; then
		xcrun notarytool submit "$out/$name" --keychain-profile "$MACOS_NOTARY_PROFILE" --wait
		xcrun stapler staple "$out/$name"
	fi
	artefact "$name" 40
}

# darwin_build builds a program for one kind of processor.
darwin_build() {
	(cd "$root" && GOOS=darwin GOARCH=$1 CGO_ENABLED=1 MACOSX_DEPLOYMENT_TARGET=12.0 \
		CGO_LDFLAGS='-framework UniformTypeIdentifiers' \
		go build "${go_flags[@]}" -tags "$3" -o "$work/$2-$1" .)
}

darwin_sign() {
	codesign --force --options runtime --timestamp --entitlements "$root/build/darwin/entitlements.plist" --sign "$MACOS_IDENTITY" "$1"
}

# darwin_icon makes the icon from the same picture as everywhere.
darwin_icon() {
	local set=$work/nectar.iconset size
	mkdir "$set"
	for size in 16 32 128 256 512; do
		sips -z "$size" "$size" "$root/build/appicon.png" --out "$set/icon_${size}x$size.png" >/dev/null
		sips -z $((size * 2)) $((size * 2)) "$root/build/appicon.png" --out "$set/icon_${size}x$size@2x.png" >/dev/null
	done
	iconutil -c icns "$set" -o "$1"
}
