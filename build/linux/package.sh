# shellcheck shell=bash
# Makes the packages for Linux. build/package.sh sources it.
# shellcheck disable=SC2154  # from build/setup.sh and build/artefacts.sh

# linux_programs builds the two programs of a package, once.
linux_programs() {
	programs=$work/linux
	[[ ! -d $programs ]] || return 0
	window_libraries || die 'The window cannot be built without these.'
	pages
	say 'Building the programs for Linux'
	mkdir "$programs"
	(cd "$root" &&
		go build "${go_flags[@]}" -o "$programs/nectar" . &&
		go build "${go_flags[@]}" -tags desktop,production,webkit2_41 -o "$programs/nectar-window" .)
}

# package_tar makes the archive for a user's own folder.
package_tar() {
	linux_programs
	local name=nectar-$version-linux-amd64
	mkdir -p "$work/tar/$name"
	cp "$programs"/* "$root/LICENSE" "$root/CHANGELOG.md" "$work/tar/$name/"
	tar --create --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX \
		--mtime="@$SOURCE_DATE_EPOCH" -C "$work/tar" "$name" | gzip -9n >"$out/$name.tar.gz"
	artefact "$name.tar.gz" 15
}
