# shellcheck shell=bash
# What the scripts that make packages share: the version, how Go builds for
# them, and the folder with what was made. build/package.sh sources it after
# build/setup.sh, and then build/<system>/package.sh, which have functions
# package_<what>.
# shellcheck disable=SC2154,SC2034  # root is from setup.sh; some is for those scripts

# begin_packages finds out what is to be made. It sets:
#
#   version     1.2.3, or 1.2.3-dev.456 for a commit that is no release
#   out         where packages go
#   work        a folder for whatever is in between, gone at the end
#   go_flags    for go build of what is shipped
#
# and exports SOURCE_DATE_EPOCH, the time of the commit, which packages take
# for theirs, so that two builds of one commit are equal.
begin_packages() {
	version=$(package_version) || die 'There is no version: CHANGELOG.md has no heading like “## 1.2.3”.'
	[[ $version == *-* || $version == "$(released)" ]] ||
		die "The tag says $version, the newest heading of CHANGELOG.md says $(released)."
	SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)
	export SOURCE_DATE_EPOCH
	export LC_ALL=C.UTF-8 TZ=UTC
	out=${NECTAR_OUT:-$root/build/out}
	mkdir -p "$out"
	out=$(cd "$out" && pwd)
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	local flags
	flags="-s -w $(version_flag)"
	[[ -z ${NECTAR_SIGN_KEY:-} ]] ||
		flags+=" -X nectar/backend/config.UpdateKey=$(cd "$root" && go run ./build/sign -key "$NECTAR_SIGN_KEY" -public)" ||
		die 'NECTAR_SIGN_KEY names no key.'
	# What Git says is in the version; the rest depends on how it was checked out.
	go_flags=(-trimpath -buildvcs=false -ldflags "$flags")
	made=()
	say "Nectar $version, into $out"
}

# pages builds the pages of the window, once, for the window programs of all
# systems. NECTAR_PAGES=built says that those are there which belong to this
# checkout.
pages() {
	[[ ! -f $work/pages && ${NECTAR_PAGES:-} != built ]] || return 0
	frontend_modules || die 'The parts of the window could not be fetched.'
	say 'Building the pages of the window'
	npm --prefix "$root/frontend" run --silent build >"$work/pages.log" 2>&1 || die "$(<"$work/pages.log")"
	touch "$work/pages"
}

# notices writes the licences of all that is part of the programs.
notices() {
	[[ -s $work/notices ]] || (cd "$root" && go run ./build/notices >"$work/notices") || die 'The licences could not be gathered.'
	cat "$work/notices"
}

# artefact takes a file of $out as made. It must not be larger than the megabytes.
artefact() {
	local file=$1 budget=$2 size
	size=$(stat -c %s "$out/$file" 2>/dev/null || stat -f %z "$out/$file")
	made+=("$(printf '%6d.%d MB of %2d  %s' $((size / 1000000)) $((size / 100000 % 10)) "$budget" "$file")")
	((size <= budget * 1000000)) || die "${made[-1]}" "$file is larger than its budget of $budget MB."
}

# end_packages signs the packages as an update for drives where there is a key,
# writes the checksums of all that lies in the folder, and says
# what was made.
end_packages() {
	[[ -z ${NECTAR_SIGN_KEY:-} ]] || (cd "$root" && go run ./build/sign -key "$NECTAR_SIGN_KEY" -version "$version" "$out") ||
		die 'The packages could not be signed as an update.'
	(cd "$out" && find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%f\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
	((${#made[@]} == 0)) || printf '%s\n' "${made[@]}"
	say "Checksums: $out/SHA256SUMS"
}
