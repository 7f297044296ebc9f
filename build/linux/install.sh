#!/bin/sh
# Installs Nectar for the user who runs it, without the superuser and without
# the Internet.
set -eu

usage() {
	cat <<'TEXT'
Usage: sh install.sh [--uninstall] [--prefix DIR] [--quiet]

Installs Nectar for you alone, below ~/.local: its programs in lib/nectar, the
command "nectar" in bin, and an entry in the menu. Run again it brings a newer
version in place of the one that is there, also while that runs.

  --uninstall   remove it again; your channels and jobs stay
  --prefix DIR  another folder than ~/.local
  --quiet       say nothing unless it fails
  --trial FILE  for Nectar itself: the version that is there comes back when the
                new one does not start
TEXT
}

say() {
	[ -n "$quiet" ] || printf '%s\n' "$*"
}

die() {
	printf '%s\n' "$@" >&2
	exit 1
}

# entry writes the entry of the menu, with the program by its whole path: the
# menu may know nothing of ~/.local/bin. Inside quotes four characters have a
# meaning of their own, and each backslash is written twice, as in any string of
# such a file. The shell stands before it, since desktops look for the first word
# as it is written, where a % in a path is two.
entry() {
	quoted=$(printf '%s' "$home/start" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g')
	while IFS= read -r line; do
		case $line in
		Exec=*) printf 'Exec=/bin/sh "%s" %%f\n' "$quoted" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$source/share/applications/nectar.desktop"
}

# refresh tells the desktop what has changed, where it wants to be told.
refresh() {
	if command -v update-desktop-database >/dev/null 2>&1; then
		update-desktop-database -q "$share/applications" 2>/dev/null || true
	fi
	if command -v update-mime-database >/dev/null 2>&1 && [ -d "$share/mime/packages" ]; then
		update-mime-database "$share/mime" 2>/dev/null || true
	fi
	if command -v gtk-update-icon-cache >/dev/null 2>&1; then
		gtk-update-icon-cache -q -t -f "$share/icons/hicolor" 2>/dev/null || true
	fi
}

# use makes a version the one that starts, at one instant.
use() {
	ln -sfn "versions/$1" "$home/current.new"
	mv -fT "$home/current.new" "$home/current"
}

install_nectar() {
	[ -x "$source/programs/nectar" ] || die 'This script belongs beside the folder "programs" of the archive.'
	version=$(cat "$source/VERSION")
	mkdir -p "$home/versions" "$prefix/bin" "$share/applications" ||
		die "Nothing can be written in $prefix. --prefix DIR names another folder."
	[ ! -e "$prefix/bin/nectar" ] || [ "$(readlink "$prefix/bin/nectar")" = ../lib/nectar/start ] ||
		die "$prefix/bin/nectar belongs to something else. Move it away, or choose another folder: --prefix DIR."
	before=$(readlink "$home/current" 2>/dev/null || true)

	rm -rf "$home/versions/.new"
	mkdir "$home/versions/.new"
	cp "$source/programs/nectar" "$source/programs/nectar-window" "$home/versions/.new/" ||
		die "The programs could not be copied. Is the disk full?"
	chmod 755 "$home/versions/.new/nectar" "$home/versions/.new/nectar-window"
	[ "$before" != "versions/$version" ] || trial=
	rm -rf "$home/versions/.old"
	[ ! -d "$home/versions/$version" ] || mv "$home/versions/$version" "$home/versions/.old"
	mv "$home/versions/.new" "$home/versions/$version"
	rm -rf "$home/versions/.old"
	for file in start install.sh LICENSE THIRD-PARTY.txt; do
		cp "$source/$file" "$home/$file.new"
		mv -f "$home/$file.new" "$home/$file"
	done
	chmod 755 "$home/start" "$home/install.sh"
	rm -f "$home/trial" "$home/failed"
	if [ -n "$trial" ] && [ -n "$before" ]; then
		{ printf '%s\n' "${before#versions/}" && cat "$trial"; } >"$home/trial.new"
		mv -f "$home/trial.new" "$home/trial"
	fi
	use "$version"
	for old in "$home/versions"/*; do
		case ${old#"$home/"} in
		"versions/$version" | "$before") ;;
		*) rm -rf "$old" ;;
		esac
	done

	ln -sfn ../lib/nectar/start "$prefix/bin/nectar"
	entry >"$share/applications/nectar.desktop"
	(cd "$source/share" && find icons man mime -type f) | while IFS= read -r file; do
		mkdir -p "$share/$(dirname "$file")"
		cp "$source/share/$file" "$share/$file"
	done
	refresh

	say "Nectar $version is installed. It is in the menu, under Education."
	case :$PATH: in
	*":$prefix/bin:"*) say 'The command is: nectar' ;;
	*) say "The command is: $prefix/bin/nectar" ;;
	esac
	say "To remove it: sh $home/install.sh --uninstall"
}

uninstall_nectar() {
	[ -d "$home/versions" ] || die "Nectar is not installed in $prefix."
	[ "$(readlink "$prefix/bin/nectar" 2>/dev/null)" != ../lib/nectar/start ] || rm -f "$prefix/bin/nectar"
	rm -f "$share/applications/nectar.desktop" "$share/man/man1/nectar.1.gz" "$share/mime/packages/nectar.xml"
	find "$share/icons/hicolor" -name 'nectar.png' -path '*/apps/*' -delete 2>/dev/null || true
	rm -f "$share/icons/hicolor/scalable/apps/nectar.svg"
	rm -rf "$home"
	refresh
	say 'Nectar is removed. Your channels and jobs stay, in the folder'
	say "${XDG_DATA_HOME:-$HOME/.local/share}/nectar"
}

quiet='' remove='' prefix='' trial=
while [ $# -gt 0 ]; do
	case $1 in
	--uninstall) remove=yes ;;
	--quiet) quiet=yes ;;
	--prefix)
		[ $# -gt 1 ] || die 'Which folder? --prefix DIR'
		prefix=$2
		shift
		;;
	--trial)
		[ $# -gt 1 ] || die 'Which file? --trial FILE'
		trial=$2
		shift
		;;
	-h | --help)
		usage
		exit
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
	shift
done

[ -n "${HOME:-}" ] || die 'HOME is not set.'
source=$(cd "$(dirname "$0")" && pwd)
# The entries of the menu of one user lie in one folder, wherever programs are.
share=${XDG_DATA_HOME:-$HOME/.local/share}
if [ -z "$prefix" ]; then
	prefix=$HOME/.local
	# The copy that is installed removes the folder that it lies in.
	case $source in */lib/nectar) prefix=${source%/lib/nectar} ;; esac
fi
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
home=$prefix/lib/nectar

if [ -n "$remove" ]; then
	uninstall_nectar
else
	install_nectar
fi
