#!/usr/bin/env bash
# Uses the whole program as a person does: the window in a browser that is
# driven by playwright-core, and once the real window. With the word pictures
# it writes the pictures and the table of docs instead of testing, and with bench it
# measures the window.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
cd "$root"

work=$(mktemp -d)
display=
cleanup() {
	[[ -z $display ]] || kill "$display" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

# A display that nobody sees. Xvfb chooses a free number and says which.
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
display=$!
for _ in $(seq 100); do
	[[ -s $work/display ]] && break
	sleep 0.1
done
DISPLAY=:$(cat "$work/display")
E2E_BROWSER=$(browser || true)
export DISPLAY E2E_WORK=$work E2E_BROWSER

(cd frontend && npm run --silent build)
go build -o "$work/makechannel" ./build/e2e/makechannel
go build -tags dev,webkit2_41 -o "$work/nectar-dev" .

# A second try of a file of tests begins, like the first, with nothing but the programs.
afresh() {
	local program
	mkdir "$work/afresh"
	for program in makechannel nectar-dev nectar-window desktop; do
		ln -s "../$program" "$work/afresh/$program"
	done
	E2E_WORK=$work/afresh "$@"
	local end=$?
	rm -rf "$work/afresh"
	return "$end"
}

case ${1:-test} in
test)
	go build -tags desktop,production,webkit2_41 -o "$work/nectar-window" .
	go build -o "$work/desktop" ./build/e2e/desktop
	end=0
	for tests in build/e2e/{window,paths,keys,views}.test.mjs; do
		node --test --test-reporter=spec "$tests" && continue
		say "--- $tests once more"
		afresh node --test --test-reporter=spec "$tests" || exit 1
		end=$unsteady
	done
	exit "$end"
	;;
pictures) node build/e2e/pictures.mjs ;;
bench)
	go build -o "$work/makehistory" ./build/e2e/makehistory
	node build/e2e/bench.mjs
	;;
*)
	echo "Usage: bash build/e2e/run.sh [test|pictures|bench]" >&2
	exit 2
	;;
esac
