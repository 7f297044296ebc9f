#!/usr/bin/env bash
# Signs a program for Windows in its place; see build/windows/package.sh.
set -euo pipefail

signed=$1.signed
arguments=(-certs "$NECTAR_WINDOWS_CERT" -key "$NECTAR_WINDOWS_KEY" -h sha256 -n Nectar)
[[ -z ${NECTAR_WINDOWS_PASS:-} ]] || arguments+=(-readpass "$NECTAR_WINDOWS_PASS")
if [[ -n ${NECTAR_WINDOWS_TIMESTAMP:-} ]]; then
	arguments+=(-ts "$NECTAR_WINDOWS_TIMESTAMP")
else
	# Nobody confirms the time, so it may as well be that of the commit.
	arguments+=(-st "${SOURCE_DATE_EPOCH:-0}")
fi
osslsigncode sign "${arguments[@]}" -in "$1" -out "$signed" >/dev/null
mv "$signed" "$1"
