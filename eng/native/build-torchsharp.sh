#!/usr/bin/env bash
# Adapts TorchSharp's native library to a libstdc++ older than GCC 13 (Debian 12); see docs/adr/0003.
# usage: build-torchsharp.sh <original libLibTorchSharp.so> <output folder>
set -euo pipefail
original=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

g++ -shared -fPIC -O2 -o "$work/librecsys_stdcxx.so" "$here/stdcxx_init.cpp"
gcc -O2 -o "$work/weaken_version" "$here/weaken_version.c"
cp "$original" "$work/libLibTorchSharp.so"
chmod u+w "$work/libLibTorchSharp.so"
patchelf --add-needed librecsys_stdcxx.so "$work/libLibTorchSharp.so"
"$work/weaken_version" "$work/libLibTorchSharp.so" GLIBCXX_3.4.32
mkdir -p "$out"
# The library that setup.sh tests for goes last, so that an interrupted run is repeated.
mv "$work/librecsys_stdcxx.so" "$out/"
mv "$work/libLibTorchSharp.so" "$out/"
