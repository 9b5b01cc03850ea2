#!/usr/bin/env bash
# Prepares a machine: system packages, NuGet packages, and the native libraries that this system needs.
# Safe to repeat; says what it does and is quick when nothing is missing. --without-tests leaves out what only tests need.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- the SDK -----------------------------------------------------------------
command -v dotnet >/dev/null || die "the .NET 10 SDK is missing; install it from https://dotnet.microsoft.com/download and run this again."
dotnet --version >/dev/null 2>&1 || die "no installed .NET SDK satisfies global.json (10.0.100 or newer of 10.0); found: $(dotnet --list-sdks | tr '\n' ' ')"
[ "$(uname -m)" = x86_64 ] || die "the native model libraries exist for x86-64 only; this machine is $(uname -m)."

# --- system packages ---------------------------------------------------------
# /sbin is not on everybody's path. The list is read once: a pipe into grep -q can fail with SIGPIPE.
libraries() { PATH="$PATH:/usr/sbin:/sbin" ldconfig -p; }
installed_libraries=$(libraries)
has_library() { grep -qF "$1 " <<<"$installed_libraries"; }
# TorchSharp's library is built with GCC 13; an older libstdc++ needs an adapted copy (docs/adr/0003).
needs_adapted_torch() {
  local libstdcxx
  libstdcxx=$(awk '/libstdc\+\+\.so\.6 .*x86-64/ && !found { print $NF; found = 1 }' <<<"$installed_libraries")
  [ -z "$libstdcxx" ] || ! grep -qa 'GLIBCXX_3\.4\.32' "$libstdcxx"
}

packages=()
tests=yes
[ "${1:-}" != --without-tests ] || tests=no
# The tests start an S3-compatible server that runs on Node.js, and open the dashboard in a browser.
if [ "$tests" = yes ] && ! { command -v node && command -v npm; } >/dev/null; then packages+=(nodejs npm); fi
# The calls of docs/api.md are made with it.
if [ "$tests" = yes ] && ! command -v curl >/dev/null; then packages+=(curl); fi
if [ "$tests" = yes ] && ! command -v chromium >/dev/null; then packages+=(chromium fonts-dejavu-core); fi
has_library 'libgomp.so.1' || packages+=(libgomp1)
has_library 'libstdc++.so.6' || packages+=(libstdc++6)
if needs_adapted_torch; then
  command -v g++ >/dev/null || packages+=(g++)
  command -v patchelf >/dev/null || packages+=(patchelf)
fi
# FAISS serves large catalogues; where the system has no package of it, the exact index does.
faiss_available=yes
if ! dpkg -s libfaiss-dev libopenblas-dev g++ >/dev/null 2>&1; then
  if ! command -v apt-cache >/dev/null || [ -z "$(apt-cache show libfaiss-dev 2>/dev/null)" ]; then
    # A fresh image has no package lists yet.
    if command -v apt-get >/dev/null; then
      if [ "$(id -u)" -eq 0 ]; then apt-get update -qq || true; elif command -v sudo >/dev/null; then sudo apt-get update -qq || true; fi
    fi
    if ! command -v apt-cache >/dev/null || [ -z "$(apt-cache show libfaiss-dev 2>/dev/null)" ]; then faiss_available=no; fi
  fi
  [ "$faiss_available" = no ] || packages+=(g++ libfaiss-dev libopenblas-dev)
fi
if [ ${#packages[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || die "please install the equivalents of: ${packages[*]} (only Debian and Ubuntu are set up automatically)."
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "please install, as root: apt-get install ${packages[*]}"
    as_root=(sudo)
  fi
  say "installing ${packages[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  installed_libraries=$(libraries)
fi

# --- NuGet packages ----------------------------------------------------------
say "restoring NuGet packages"
dotnet restore RecSys.sln --locked-mode --nologo -v quiet

# --- native libraries --------------------------------------------------------
if needs_adapted_torch; then
  version=$(sed -n 's/.*Include="TorchSharp" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)
  cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
  out=artifacts/native/torchsharp
  if [ "$(cat "$out/version" 2>/dev/null)" != "$version" ]; then
    say "adapting TorchSharp $version to this system's libstdc++"
    eng/native/build-torchsharp.sh "$cache/torchsharp/$version/runtimes/linux-x64/native/libLibTorchSharp.so" "$out"
    printf '%s\n' "$version" >"$out/version"
  fi
fi
if [ "$faiss_available" = yes ]; then
  out=artifacts/native/faiss
  if [ ! -f "$out/libfaiss_c.so" ] || [ -n "$(find eng/native -name '*faiss*' -newer "$out/libfaiss_c.so")" ]; then
    say "building FAISS's C library"
    eng/native/build-faiss.sh "$out"
  fi
else
  say "this system has no package libfaiss-dev: going on without FAISS, with the exact index (or name a libfaiss_c.so in Retrieval:FaissLibrary)"
fi

# --- what the tests have from npm --------------------------------------------
from_npm() { # NAME FILE WHAT: eng/NAME/package.json into artifacts/tools/NAME, unless its FILE is there
  local out=artifacts/tools/$1
  if ! cmp -s "eng/$1/package-lock.json" "$out/package-lock.json" || [ ! -f "$out/node_modules/$2" ]; then
    say "installing $3 of the tests"
    mkdir -p "$out"
    cp "eng/$1/package.json" "eng/$1/package-lock.json" "$out/"
    npm ci --prefix "$out" --omit=dev --ignore-scripts --no-audit --no-fund --silent
  fi
}
if [ "$tests" = yes ]; then
  from_npm s3rver s3rver/bin/s3rver.js "the S3-compatible server"
  from_npm axe axe-core/axe.min.js "the rules of accessibility"
  # Makes a client of the OpenAPI document. A program of its own: its libraries want older versions than this one has.
  nswag=14.7.1
  out=artifacts/tools/nswag
  if [ ! -x "$out/nswag" ] || [ ! -d "$out/.store/nswag.consolecore/$nswag" ]; then
    say "installing NSwag, the tests' generator of clients"
    rm -rf "$out"
    dotnet tool install NSwag.ConsoleCore --version "$nswag" --tool-path "$out" >/dev/null
  fi
fi
# --- Prometheus and Alertmanager of the tests --------------------------------
# Unpacked, not installed: the packages start services, and no test needs more than the programs.
if [ "$tests" = yes ]; then
  out=$PWD/artifacts/tools/prometheus
  if [ ! -x "$out/usr/bin/promtool" ] || [ ! -x "$out/usr/bin/prometheus-alertmanager" ]; then
    if command -v apt-get >/dev/null && [ -n "$(apt-cache show prometheus prometheus-alertmanager 2>/dev/null)" ]; then
      say "unpacking Prometheus and Alertmanager for the tests"
      unpacking=$(mktemp -d)
      chmod 755 "$unpacking"
      (cd "$unpacking" && apt-get download -qq prometheus prometheus-alertmanager >/dev/null 2>&1) \
        || die "apt-get could not download prometheus and prometheus-alertmanager; run apt-get update as root and this again."
      mkdir -p "$out"
      for package in "$unpacking"/*.deb; do dpkg -x "$package" "$out"; done
      rm -r "$unpacking"
      # Alertmanager looks for its templates where the package would put them; the same length, as a path within $out.
      sed -i 's#/usr/share/prometheus/alertmanager#usr//share/prometheus/alertmanager#g' "$out/usr/bin/prometheus-alertmanager"
    else
      say "this system has no packages prometheus and prometheus-alertmanager: the tests that run them are left out"
    fi
  fi
fi
say "ready"
