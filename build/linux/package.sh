# shellcheck shell=bash
# Makes the packages for Linux. build/package.sh sources it.
# shellcheck disable=SC2154  # from build/setup.sh and build/artefacts.sh

readonly linux_tools=(dpkg-dev librsvg2-bin)
readonly icon_sizes=(16 22 24 32 48 64 128 256 512)

# linux_programs builds the two programs of a package, once, into $programs.
linux_programs() {
	programs=$work/linux
	[[ ! -d $programs ]] || return 0
	window_libraries || die 'The window cannot be built without these.'
	! command -v apt-get >/dev/null || install_packages "${linux_tools[@]}" || die 'Packages cannot be made without these.'
	pages
	say 'Building the programs for Linux'
	mkdir "$programs"
	(cd "$root" &&
		go build "${go_flags[@]}" -o "$programs/nectar" . &&
		go build "${go_flags[@]}" -tags desktop,production,webkit2_41 -o "$programs/nectar-window" .) || die 'The programs were not built.'
	architecture=$(cd "$root" && go env GOARCH)
}

# linux_share puts what the desktop reads into the folder share of $1: the entry
# of the menu, the icons, the type of file, the description for software centres, the manual.
linux_share() {
	local share=$1/share size
	mkdir -p "$share"/{applications,metainfo,man/man1,mime/packages}
	cp "$root/build/linux/nectar.desktop" "$share/applications/"
	cp "$root/build/linux/mime.xml" "$share/mime/packages/nectar.xml"
	sed "s/@VERSION@/$version/; s/@DATE@/$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)/" \
		"$root/build/linux/metainfo.xml" >"$share/metainfo/org.nectar.Nectar.metainfo.xml"
	for size in "${icon_sizes[@]}"; do
		mkdir -p "$share/icons/hicolor/${size}x$size/apps"
		rsvg-convert -w "$size" -h "$size" "$root/frontend/src/assets/nectar.svg" -o "$share/icons/hicolor/${size}x$size/apps/nectar.png"
	done
	mkdir -p "$share/icons/hicolor/scalable/apps"
	cp "$root/frontend/src/assets/nectar.svg" "$share/icons/hicolor/scalable/apps/"
	linux_manual | gzip -9n >"$share/man/man1/nectar.1.gz"
}

# linux_manual writes the manual page: what the program says of itself.
linux_manual() {
	sed "s/@VERSION@/$version/; s/@DATE@/$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)/; /^@HELP@$/,\$d" "$root/build/linux/nectar.1"
	"$programs/nectar" --help | sed 's/\\/\\\\/g; s/-/\\-/g; s/^[.'\'']/\\\&&/'
	sed "1,/^@HELP@$/d" "$root/build/linux/nectar.1"
}

# linux_deb_version answers the version as Debian orders them: 1.2.3~dev.4 is
# before 1.2.3.
linux_deb_version() {
	printf '%s\n' "${version/-/\~}"
}

# linux_dependencies writes what dpkg found that the programs in the folder $1 of
# a package need, as lines of the control file. What the commands need is a must. What only the window needs
# is installed where it can be had; without it the window says what is missing.
linux_dependencies() {
	mkdir -p "$work/shlibs/debian"
	printf 'Source: nectar\n\nPackage: nectar\nArchitecture: any\nDescription: Nectar\n' >"$work/shlibs/debian/control"
	(cd "$work/shlibs" && dpkg-shlibdeps --warnings=0 -O -dDepends "$1/nectar" -dRecommends "$1/nectar-window") |
		sed 's/^shlibs:\([A-Za-z]*\)=/\1: /; /^Recommends/s/$/, gstreamer1.0-plugins-good, gstreamer1.0-libav/'
}

# linux_control writes the control file of the package whose files are in $1.
linux_control() {
	cat <<-TEXT
		Package: nectar
		Version: $(linux_deb_version)
		Architecture: $(dpkg --print-architecture)
		Maintainer: The Nectar authors <nectar@nectar.invalid>
		Installed-Size: $(du -k -s --apparent-size "$1" | cut -f1)
		Section: education
		Priority: optional
	TEXT
	linux_dependencies "$1/lib/nectar"
	cat <<-'TEXT'
		Suggests: zenity | kdialog
		Description: bring Kolibri channels onto laptops without Internet
		 Nectar brings Kolibri channels (lessons, videos, exercises, books) from a USB
		 drive, a folder or a nearby server onto a laptop, and from there onto the next
		 drive, for schools without the Internet.
		 .
		 An import shows how far it is, says in plain words what is wrong, checks every
		 file, and goes on where it stopped after a power cut. Everything works from the
		 terminal as well.
	TEXT
}

# linux_changelog writes the newest changes as Debian has them.
linux_changelog() {
	printf 'nectar (%s) stable; urgency=medium\n\n' "$(linux_deb_version)"
	local entry
	awk '/^## / { if (seen++) exit; next }
		seen && /^  / { entry = entry substr($0, 2); next }
		seen && NF { if (entry) print entry; entry = $0 }
		END { print entry }' "$root/CHANGELOG.md" |
		while IFS= read -r entry; do
			printf '%s\n' "${entry#- }" | fold -s -w 74 | sed '1 s/^/  * /; 2,$ s/^/    /; s/ *$//'
		done
	printf '\n -- The Nectar authors <nectar@nectar.invalid>  %s\n' "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

# package_deb makes the package for Debian and Ubuntu. Both programs lie beside
# each other, and a link makes the first a command.
package_deb() {
	linux_programs
	local tree=$work/deb name
	name=nectar_$(linux_deb_version)_$(dpkg --print-architecture).deb
	mkdir -p "$tree/DEBIAN" "$tree"/usr/{bin,lib/nectar,share/doc/nectar,share/lintian/overrides}
	cp "$programs/nectar" "$programs/nectar-window" "$tree/usr/lib/nectar/"
	ln -s ../lib/nectar/nectar "$tree/usr/bin/nectar"
	linux_share "$tree/usr"
	cp "$root/build/linux/lintian-overrides" "$tree/usr/share/lintian/overrides/nectar"
	{
		cat "$root/build/linux/copyright"
		sed -n '/^Permission/,$ { s/^$/./; s/^/ /; p }' "$root/LICENSE"
	} >"$tree/usr/share/doc/nectar/copyright"
	linux_changelog | gzip -9n >"$tree/usr/share/doc/nectar/changelog.gz"
	notices | gzip -9n >"$tree/usr/share/doc/nectar/THIRD-PARTY.txt.gz"
	linux_control "$tree/usr" >"$tree/DEBIAN/control"
	(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
	linux_times "$tree"
	dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/$name" >/dev/null
	artefact "$name" 15
}

# package_tar makes the archive for a user's own folder.
package_tar() {
	linux_programs
	local name=nectar-$version-linux-$architecture tree
	tree=$work/tar/$name
	mkdir -p "$tree/programs"
	cp "$programs/nectar" "$programs/nectar-window" "$tree/programs/"
	linux_share "$tree"
	cp "$root/build/linux/start" "$root/LICENSE" "$root/CHANGELOG.md" "$tree/"
	cp "$root/build/linux/install.sh" "$tree/"
	notices >"$tree/THIRD-PARTY.txt"
	printf '%s\n' "$version" >"$tree/VERSION"
	linux_times "$tree"
	chmod +x "$tree/install.sh" "$tree/start"
	tar --create --sort=name --format=gnu --owner=0 --group=0 --numeric-owner \
		--mtime="@$SOURCE_DATE_EPOCH" -C "$work/tar" "$name" | gzip -9n >"$out/$name.tar.gz"
	artefact "$name.tar.gz" 20
}

# linux_times gives all files of a tree the rights and the time that do not
# depend on who packs them.
linux_times() {
	find "$1" -type d -exec chmod 755 {} +
	find "$1" -type f -exec chmod 644 {} +
	find "$1" -type f \( -path '*/usr/lib/nectar/*' -o -path '*/programs/*' \) -exec chmod 755 {} +
	find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}
