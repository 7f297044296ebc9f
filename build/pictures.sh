#!/usr/bin/env bash
# Writes docs/images and docs/accessibility.md by looking at every view.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case ${1:-} in
'') ;;
*)
	cat <<'TEXT'
Usage: bash build/pictures.sh

Starts the program over prepared laptops, goes to every view of the window, and
writes a picture of each to docs/images. A picture that shows the same but for a
few points stays as it is. What axe finds in each view, left to right and right
to left, light and dark, is written to docs/accessibility.md.

The views are listed in build/e2e/views.mjs.
TEXT
	[[ $1 == -h || $1 == --help ]] || exit 2
	exit
	;;
esac

cd "$root"
complete git cc go node
go_settings
end_to_end_libraries
frontend_modules
bash build/e2e/run.sh pictures
