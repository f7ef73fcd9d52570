# Chromium for screenshots and browser tests, as .tools/chromium: a program that
# Playwright starts by its path. Sourced by script/setup; needs $ROOT, $TOOLS, $VENV,
# say, fail and script/lib/debian.sh.

# browser_works PROGRAM: can it show a page? (A browser on the PATH may be a stub that
# only asks for another installer; a downloaded one may miss libraries.)
browser_works() {
  local profile page
  profile=$(mktemp -d "$TOOLS/profile.XXXXXX")
  page=$(timeout 60 "$1" --headless --no-sandbox --disable-gpu --user-data-dir="$profile" \
    --dump-dom 'data:text/html,<p>it works</p>' 2>"$TOOLS/browser.log" </dev/null || true)
  rm -rf "$profile"
  case $page in *"it works"*) return 0 ;; *) return 1 ;; esac
}

# browser_wrapper PROGRAM [NAME=VALUE...]: makes .tools/chromium, which starts PROGRAM
# with these variables, and with its settings and caches inside this checkout.
browser_wrapper() {
  local program=$1 variable
  shift
  set -- "XDG_CONFIG_HOME=$TOOLS/browser-home" "XDG_CACHE_HOME=$TOOLS/browser-home" "$@"
  {
    printf '#!/bin/sh\n# Made by script/setup --browser in %s\n' "$ROOT"
    for variable in "$@"; do printf 'export "%s"\n' "$variable"; done
    printf 'exec "%s" "$@"\n' "$program"
  } >"$TOOLS/chromium.new"
  chmod +x "$TOOLS/chromium.new"
  browser_works "$TOOLS/chromium.new" && mv "$TOOLS/chromium.new" "$TOOLS/chromium"
}

# system_browser: the one this machine has.
system_browser() {
  local name program
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    program=$(command -v "$name") || continue
    browser_wrapper "$program" && return
  done
  return 1
}

# downloaded_browser: the build that Playwright's makers publish.
downloaded_browser() {
  local program
  PLAYWRIGHT_BROWSERS_PATH=$TOOLS/playwright timeout 600 "$VENV/bin/python" -m playwright \
    install chromium-headless-shell >"$TOOLS/playwright.log" 2>&1 </dev/null || return 1
  for program in "$TOOLS"/playwright/chromium_headless_shell-*/*/*headless?shell; do
    [ -x "$program" ] && browser_wrapper "$program" && return
  done
  return 1
}

# debian_browser: a private copy of this machine's Debian release's Chromium, with a
# font and a font configuration of its own.
debian_browser() {
  local folder=$TOOLS/debian-chromium libraries
  debian_copy "$folder" "$(debian_suite)" chromium fonts-dejavu-core || return 1
  debian_relink "$folder" usr/lib/chromium/chromium usr/lib/chromium/chrome_crashpad_handler || return 1
  cat >"$folder/fonts.conf" <<XML
<?xml version="1.0"?>
<fontconfig>
  <dir>$folder/usr/share/fonts</dir>
  <cachedir>$folder/fonts-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
XML
  # Some libraries look for their own parts in the system's folders unless told here.
  libraries=$(printf '%s:' "$folder"/{usr/,}lib/*-linux-gnu{,/pulseaudio})
  browser_wrapper "$folder/usr/lib/chromium/chromium" \
    "FONTCONFIG_FILE=$folder/fonts.conf" "LD_LIBRARY_PATH=${libraries%:}"
}

setup_browser() {
  if grep -qxF "# Made by script/setup --browser in $ROOT" "$TOOLS/chromium" 2>/dev/null; then
    say "Chromium is in place"
    return
  fi
  if system_browser; then
    say "Chromium of this machine"
    return
  fi
  say "no Chromium on this machine; asking Playwright to download one"
  if downloaded_browser; then
    say "Chromium downloaded by Playwright"
    return
  fi
  say "Playwright could not download it; taking a private copy from Debian's packages"
  debian_browser ||
    fail "no Chromium: none on the PATH, Playwright's download failed (see $TOOLS/playwright.log), and Debian's packages could not be used (see $TOOLS/browser.log). Install Chromium and run script/setup --browser again."
  say "Chromium from Debian's packages, private to this checkout"
}
