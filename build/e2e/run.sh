#!/usr/bin/env bash
# Uses the whole program as a person does: the window in a browser that is
# driven by playwright-core, and once the real window.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
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
export DISPLAY

(cd frontend && npm run --silent build)
go build -o "$work/makechannel" ./build/e2e/makechannel
go build -tags dev,webkit2_41 -o "$work/nectar-dev" .
go build -tags desktop,production,webkit2_41 -o "$work/nectar-window" .

E2E_WORK=$work node --test --test-reporter=spec build/e2e/window.test.mjs
