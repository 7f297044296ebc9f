#!/usr/bin/env bash
# Runs every check and test, or a part of them.
set -euo pipefail

# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
	cat <<'TEXT'
Usage: bash build/test.sh [PART]

Runs the checks and tests, after installing what they need (Debian, Ubuntu).
Without a PART: all of them.

  lint      format, every linter, tidy go.mod, shell scripts
  go        floors, tests with the race detector, the build without a window,
            generated files
  frontend  linters, format, types and unit tests of the window's pages
  e2e       the whole program, used as a person uses it
  torture   the whole program, killed and mistreated for two or three minutes
  systems   Go for Windows and macOS, vetted as far as that goes here
  package   the packages for Linux and Windows: made, installed, used, removed;
            by its name it also makes all of them twice, and compares

It goes on after a failure, so that one run shows all of them. A Go package, a
file of the pages' tests or an end-to-end file that fails is tried once more,
alone; one that holds then is called UNSTEADY in the table, and is a fault to be
found.
TEXT
}

# A step that cannot run yet says why and answers this.
readonly skipped=77

summary=()
told=() # how the steps that failed ended, to be read below the table
failures=0
wavering=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# step runs one check, times it and remembers how it ended.
step() {
	local name=$1 start=$SECONDS code=0 word
	shift
	say "--- $name"
	"$@" </dev/null > >(tee "$said") 2>&1 || code=$?
	wait $! # for the last of it to be written
	case $code in
	0) word=passed ;;
	"$skipped") word=skipped ;;
	"$unsteady")
		word=UNSTEADY
		wavering=$((wavering + 1))
		;;
	*)
		word=FAILED
		failures=$((failures + 1))
		told+=("--- $name" "$(grep -v '^[[:space:]]*$' "$said" | tail -n 8)")
		;;
	esac
	summary+=("$(printf '%-8s %4d s  %s' "$word" $((SECONDS - start)) "$name")")
}

skip() {
	say "skipped: $*"
	return "$skipped"
}

tool() {
	go tool -modfile=build/tools/go.mod "$@"
}

part_lint() {
	step 'format of Go' tool golangci-lint fmt --diff
	step 'linters of Go' tool golangci-lint run ./...
	step 'go.mod is tidy' go mod tidy -diff
	step 'shell scripts' check_scripts
}

part_go() {
	step 'floors' go test -run Architecture ./backend
	step 'Go tests, watched for races' check_go_tests
	step 'build without a window' build_program
	step 'benchmarks and tools compile' check_bench
	step 'catalogue, bindings and guide are fresh' check_generated
}

part_frontend() {
	step 'parts of the window' frontend_modules
	step 'checks and tests of the window' check_pages
}

part_e2e() {
	step 'system libraries' end_to_end_libraries
	step 'end to end' check_end_to_end
}

part_torture() {
	step 'what laptops go through' check_torture
}

check_pages() {
	npm --prefix frontend run --silent lint && npm --prefix frontend run --silent format:check &&
		npm --prefix frontend run --silent type-check || return
	twice page_tests 's/^ *FAIL +(src\/[^ ]+[.]test[.]ts).*/\1/p'
}

# page_tests runs the pages' own tests: all, or those of some files.
page_tests() {
	npm --prefix frontend run --silent test -- "$@"
}

# check_go_tests leaves a race of data, and what does not compile, at one try:
# there a second one proves nothing.
check_go_tests() {
	twice go_tests 's/^FAIL\t(\S+)\t.*/\1/p' 'DATA RACE|\[(build|setup) failed\]'
}

# go_tests runs all tests of Go, or those of some packages, one after the other.
go_tests() {
	if (($#)); then
		go test -race -shuffle=on -count=1 -p 1 -timeout 30m "$@"
	else
		go test -race -shuffle=on -timeout 30m ./...
	fi
}

# twice runs the tests $1, and what of them failed once more, alone: the names
# that the sed script $2 finds in what they said. It does not where they said $3.
twice() {
	local log plain failed
	log=$(mktemp)
	# shellcheck disable=SC2064  # that file
	trap "rm -f '$log'; trap - RETURN" RETURN
	"$1" 2>&1 | tee "$log" && return
	plain=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log")
	[[ -z ${3:-} ]] || ! grep -qE "$3" <<<"$plain" || return 1
	mapfile -t failed < <(sed -nE "$2" <<<"$plain" | sort -u)
	((${#failed[@]})) || return 1
	say "--- once more: ${failed[*]}"
	"$1" "${failed[@]}" && return "$unsteady"
}

check_torture() {
	[[ $(uname) == Linux ]] || {
		skip 'build/torture runs on Linux'
		return
	}
	go run ./build/torture -short -only kill,power,disk,drive,network,load,later,crowd,week,who
}

part_systems() {
	step 'Go for Windows and macOS' check_other_systems
}

part_package() {
	step 'Linux: installed, used and removed' bash build/linux/test.sh "$@"
	step 'Windows: installed, used and removed' bash build/windows/test.sh "$@"
}

check_scripts() {
	command -v shellcheck >/dev/null || ! command -v apt-get >/dev/null || install_packages shellcheck
	command -v shellcheck >/dev/null || {
		skip 'shellcheck is not installed'
		return
	}
	git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck -x
}

check_bench() {
	[[ -f build/bench/go.mod ]] || {
		skip 'there is no build/bench'
		return
	}
	local module
	for module in build/bench build/bench/queue build/torture/faultfs; do
		(cd "$module" && go vet ./...) || return
	done
}

check_generated() {
	go run ./build/generate -check
}

# check_other_systems compiles and vets the program for Windows, with its tests,
# and for macOS what needs no C compiler of Apple's: all that stands on no
# database. The tools of the build are for Linux alone. Some of the tests for
# Windows are run by build/windows/test.sh.
check_other_systems() {
	command -v x86_64-w64-mingw32-gcc >/dev/null || ! command -v apt-get >/dev/null || install_packages gcc-mingw-w64-x86-64
	command -v x86_64-w64-mingw32-gcc >/dev/null || {
		skip 'there is no C compiler for Windows (gcc-mingw-w64-x86-64 of Debian)'
		return
	}
	compiles_for_windows && compiles_for_macos
}

compiles_for_windows() {
	for_windows go vet . ./backend/... && for_windows go vet -tags desktop,production . &&
		for_windows compile_tests . ./backend/...
}

compiles_for_macos() {
	local -x GOOS=darwin GOARCH=arm64 CGO_ENABLED=0
	local packages
	packages=$(without_database) || return
	# shellcheck disable=SC2086  # one name each
	go vet $packages && compile_tests $packages
}

# compile_tests compiles packages and their tests. They are not linked, which
# takes by far the longest.
compile_tests() {
	go list -test -export "$@" >/dev/null
}

# without_database answers the packages that neither need SQLite, which is C, nor
# have tests that do.
without_database() {
	go list -test -f '{{if not .ForTest}}{{.ImportPath}} {{join .Deps " "}}{{end}}' ./backend/... | awk '
		{ name = $1; sub(/[.]test$/, "", name); all[name] = 1 }
		/go-sqlite3/ { needs[name] = 1 }
		END { for (name in all) if (name && !(name in needs)) print name }'
}

check_end_to_end() {
	[[ -f build/e2e/run.sh ]] || {
		skip 'there is no build/e2e/run.sh'
		return
	}
	local code=0
	bash build/e2e/run.sh || code=$?
	((code != 0 && code != unsteady)) || export NECTAR_PAGES=built # for the packages
	return "$code"
}

main() {
	local parts=(lint go frontend e2e torture systems 'package --once')
	case ${1:-} in
	-h | --help)
		usage
		exit
		;;
	'') ;;
	lint | go | frontend | e2e | torture | systems | package) parts=("$1") ;;
	*)
		usage >&2
		exit 2
		;;
	esac

	cd "$root"
	case ${1:-} in
	lint | go | torture) complete git cc go || exit 1 ;;
	*) complete git cc go node || exit 1 ;;
	esac
	go_settings
	# As the packages are built, so that all is compiled once.
	export GOFLAGS="${GOFLAGS:-} -trimpath"

	local part
	for part in "${parts[@]}"; do
		# shellcheck disable=SC2086  # a part, and what it is given
		part_$part
	done

	say '---'
	printf '%s\n' "${summary[@]}"
	((failures == 0)) || printf '%s\n' "${told[@]}"
	((failures == 0)) || die "$failures of ${#summary[@]} steps failed."
	((wavering == 0)) || {
		say "Everything passed, but $wavering of ${#summary[@]} steps only when tried once more."
		return
	}
	say 'Everything passed.'
}

main "$@"
