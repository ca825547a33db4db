#!/bin/sh
# Makes the Python environment that holds FastAPI, or brings it up to date: .venv/fastapi-parity at the root of the
# checkout. PYTHON names the interpreter to make it with (3.11 or later).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv="$here/../../.venv/fastapi-parity"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  "${PYTHON:-python3}" -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi
