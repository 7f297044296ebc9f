#!/usr/bin/env bash
# Asks what is known to be weak: gosec with every rule, over the program, and, of
# the modules of Go and of the window, the databases of govulncheck and of npm.
# What cannot be asked, because a database is not reached, is said aloud and is no
# success: the status is 3 then, and 1 when something was found that SECURITY.md
# does not explain.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

out=$(mktemp) || exit
trap 'rm -f "$out"' EXIT
worst=0

found() { worst=1; }

# The rules that SECURITY.md explains, by how many places there are at most.
explained='G115 12
G122 1
G204 6
G304 32
G401 7
G501 7
G703 1'

echo '--- gosec, every rule, in the program'
go tool -modfile=build/tools/go.mod golangci-lint run --allow-parallel-runners -c "$PWD/build/audit.yml" ./backend/... . >"$out" 2>&1
grep -oE ': G[0-9]+: ' "$out" | tr -d ': ' | sort | uniq -c | while read -r count rule; do
	most=$(awk -v rule="$rule" '$1 == rule { print $2 }' <<<"$explained")
	echo "$rule: $count places, ${most:-none} explained"
	((count <= ${most:-0})) || exit 1
done
if [[ ${PIPESTATUS[4]} != 0 ]] || ! grep -q issues "$out"; then
	cat "$out"
	found
fi

echo '--- govulncheck'
if timeout 300 go run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./... >"$out" 2>&1; then
	echo 'nothing is known'
elif grep -q '^Vulnerability #' "$out"; then
	cat "$out"
	found
else
	tail -n 3 "$out"
	echo 'NOT ASKED: the database of govulncheck cannot be reached'
	((worst)) || worst=3
fi

echo '--- npm audit'
if npm --prefix frontend audit --json >"$out" 2>&1; then
	echo 'nothing is known'
elif grep -q '"auditReportVersion"' "$out"; then
	cat "$out"
	found
else
	head -n 5 "$out"
	echo 'NOT ASKED: the database of npm audit cannot be reached'
	((worst)) || worst=3
fi
exit "$worst"
