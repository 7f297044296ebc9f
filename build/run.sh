#!/usr/bin/env bash
# Builds Nectar and starts it.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

# The id of the sample channel, which is part of the program.
readonly sample=be35a0d0f10e45ec9a7e6c0ffee0be35

usage() {
	cat <<'TEXT'
Usage: bash build/run.sh [--terminal]

Builds Nectar and opens its window. What the window needs from the system is
installed first where it is missing (Debian, Ubuntu); that may ask for your
password.

Where there is no display, or with --terminal, it builds the program without
a window instead, which needs nothing but Go and a C compiler, and imports the
sample channel in the terminal.

Channels and jobs are kept in your data folder. NECTAR_DATA names another one.
TEXT
}

main() {
	local terminal=
	while (($#)); do
		case $1 in
		-h | --help)
			usage
			exit
			;;
		--terminal) terminal=yes ;;
		*)
			usage >&2
			exit 2
			;;
		esac
		shift
	done

	if [[ -z $terminal ]] && has_display; then
		run_window
	else
		run_terminal
	fi
}

has_display() {
	[[ $(uname -s) != Linux || -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]
}

run_window() {
	complete git cc go node || exit 1
	window_libraries
	go_settings
	say 'Building Nectar. The first time this takes a few minutes.'
	build_program
	build_window
	say 'Opening the window.'
	exec "$root/build/bin/nectar"
}

run_terminal() {
	complete git cc go || exit 1
	go_settings
	has_display || say 'There is no display, so Nectar runs in the terminal.'
	say 'Building Nectar. The first time this takes a few minutes.'
	build_program
	say 'Importing the sample channel:'
	"$root/build/bin/nectar" import "$sample" --from sample
	say 'That was a job. More: build/bin/nectar --help'
}

main "$@"
