#!/usr/bin/env bash
# Makes what people install.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=build/artefacts.sh
source "$root/build/artefacts.sh"

usage() {
	cat <<'TEXT'
Usage: bash build/package.sh [WHAT]...

Makes packages in build/out, prints their sizes, and refuses those that have
grown beyond their budget. Without WHAT: all that can be made on this system.

  deb      for Debian 12, Ubuntu 22.04 and later
  tar      for a user's own folder on any Linux, with install.sh
  linux    both
  windows  the installer, made on Linux
  macos    the disk image, made on macOS alone
  all      everything above that can be made here

The version is that of the tag in Git (v1.2.3); between tags it is one before
the newest heading of CHANGELOG.md. What the environment decides:

  NECTAR_OUT        another folder than build/out
  NECTAR_SIGN_KEY   file with the key that signs updates; see docs/installing.md
TEXT
}

package_linux() {
	package_deb
	package_tar
}

package_all() {
	if [[ $(uname -s) == Darwin ]]; then
		package_macos
		return
	fi
	package_linux
	[[ ! -f $root/build/windows/package.sh ]] || package_windows
}

main() {
	local what
	for what in "$@"; do
		case $what in
		-h | --help)
			usage
			exit
			;;
		deb | tar | linux | windows | macos | all) ;;
		*)
			usage >&2
			exit 2
			;;
		esac
	done
	(($#)) || set -- all

	cd "$root"
	complete git cc go node || exit 1
	go_settings
	begin_packages
	for what in linux windows darwin; do
		# shellcheck source=/dev/null  # each is checked by itself
		[[ ! -f $root/build/$what/package.sh ]] || source "$root/build/$what/package.sh"
	done
	for what in "$@"; do
		declare -F "package_$what" >/dev/null || die "There is no build/$what/package.sh."
		"package_$what"
	done
	end_packages
}

main "$@"
