# Python 3.14, the virtual environment and its packages. Sourced by script/setup;
# needs $ROOT, $TOOLS, $VENV, say, fail and script/lib/debian.sh.

# pip_wheel: prints where pip's own wheel is, in this checkout or on the system.
pip_wheel() {
  local wheel
  for wheel in {"$TOOLS/debian-pip",}/usr/share/python-wheels/pip-*.whl; do
    [ -r "$wheel" ] && echo "$wheel" && return
  done
  return 1
}

# find_pip: sets PIP to a command that runs pip, bringing pip when python3 has none.
find_pip() {
  PIP=(python3 -m pip)
  "${PIP[@]}" --version >/dev/null 2>&1 && return
  if ! pip_wheel >/dev/null; then
    say "python3 has no pip; taking a private copy from Debian's packages"
    debian_copy "$TOOLS/debian-pip" "$(debian_suite)" python3-pip-whl || return 1
  fi
  PIP=(python3 "$(pip_wheel)/pip")
}

# pip_tool NAME VERSION: a Python package used only by the set-up, in .tools/NAME.
pip_tool() {
  local name=$1 version=$2
  [ -f "$TOOLS/$name/.$version" ] && return 0
  command -v python3 >/dev/null || fail "no python3 on this machine; install Python 3 (any version) and run script/setup again"
  find_pip || fail "python3 has no pip, and none could be fetched; install pip (Debian: apt-get install python3-pip) and run script/setup again"
  rm -rf "${TOOLS:?}/$name"
  "${PIP[@]}" install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$TOOLS/$name" "$name==$version" >"$TOOLS/pip.log" 2>&1 || {
    tail -n 5 "$TOOLS/pip.log" >&2
    return 1
  }
  touch "$TOOLS/$name/.$version"
}

# new_enough PYTHON: is it at least the Python that Home Assistant needs?
new_enough() {
  [ -x "$1" ] && "$1" -c "import sys, ssl, sqlite3, ctypes
sys.exit(sys.version_info[:3] < tuple(map(int, '$PYTHON_MINIMUM'.split('.'))) or sys.version_info[:2] != (3, 14))" \
    >/dev/null 2>&1
}

# own_python: sets PYTHON to one that an earlier run or uv put into this checkout.
own_python() {
  local candidate
  for candidate in "$TOOLS"/uv-python/cpython-3.14*/bin/python3.14 "$TOOLS/debian-python/usr/bin/python3.14"; do
    case $candidate in
      */debian-python/*) debian_in_place "$TOOLS/debian-python" usr/bin/python3.14 || continue ;;
    esac
    new_enough "$candidate" && PYTHON=$candidate && return
  done
  return 1
}

# private_python: CPython 3.14 from Debian's binary packages, in .tools/debian-python.
private_python() {
  debian_copy "$TOOLS/debian-python" forky python3.14 python3.14-venv || return 1
  debian_relink "$TOOLS/debian-python" usr/bin/python3.14
}

# find_python: sets PYTHON to a Python 3.14, bringing one when the machine has none.
find_python() {
  PYTHON=$(command -v python3.14 || true)
  if new_enough "$PYTHON"; then
    say "Python 3.14 of this machine: $PYTHON"
    return
  fi
  own_python && return
  say "no Python $PYTHON_MINIMUM or later on this machine; asking uv to download one"
  if "$UV" python install --quiet --no-bin --install-dir "$TOOLS/uv-python" 3.14 2>"$TOOLS/uv.log" && own_python; then
    say "Python 3.14 downloaded by uv"
    return
  fi
  say "uv could not download it; taking a private copy from Debian's packages"
  private_python && own_python ||
    fail "no Python 3.14: not on the PATH, uv's download failed (see $TOOLS/uv.log), and Debian's packages could not be used. Install Python 3.14 and run script/setup again."
  say "Python 3.14 from Debian's packages, private to this checkout"
}

# environment_stamp: changes whenever what the environment must hold changes, or the
# place of the checkout, whose path stands in the environment's programs.
environment_stamp() {
  cat "$ROOT/requirements_test.txt" "$ROOT/script/lib/python.sh" | cksum
  printf '%s\n' "$ROOT"
}

# voice_stubs: two importable modules that Home Assistant's frontend wants and for
# which no Python 3.14 wheels exist; the demo has no voice. Without them the browser
# stays on "Loading...".
voice_stubs() {
  local site doc='"""Stands in for the voice library, which the demo does not use."""'
  site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  "$VENV/bin/python" -c 'import pymicro_vad' 2>/dev/null ||
    printf '%s\n\n\nclass MicroVad:\n    """Never asked."""\n' "$doc" >"$site/pymicro_vad.py"
  "$VENV/bin/python" -c 'import pyspeex_noise' 2>/dev/null ||
    printf '%s\n\n\nclass AudioProcessor:\n    """Never asked."""\n' "$doc" >"$site/pyspeex_noise.py"
}

# find_uv: sets UV to uv, the package installer, bringing it when the machine has none.
find_uv() {
  UV=$(command -v uv || true)
  [ -n "$UV" ] && return
  [ -d "$TOOLS/uv" ] || say "fetching uv, the package installer"
  pip_tool uv "$UV_VERSION" || fail "pip could not install uv (is there a network?)"
  UV=$TOOLS/uv/bin/uv
}

setup_environment() {
  if [ -x "$VENV/bin/python" ] && [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$(environment_stamp)" ]; then
    say "everything is in place"
    return
  fi
  find_uv
  if ! new_enough "$VENV/bin/python" || [ "$(tail -n 1 "$VENV/.stamp" 2>/dev/null)" != "$ROOT" ]; then
    find_python
    "$UV" venv --quiet --clear --python "$PYTHON" "$VENV" || fail "could not make .venv with $PYTHON"
  fi
  say "installing Home Assistant and the test tools into .venv (about a minute)"
  "$UV" pip sync --quiet --python "$VENV/bin/python" "$ROOT/requirements_test.txt" ||
    fail "could not install requirements_test.txt (see the lines above)"
  voice_stubs
  environment_stamp >"$VENV/.stamp"
  say "done"
}
