#!/usr/bin/env bash
# Builds FAISS's C library from the distribution's libfaiss.a, for systems that have no C library of it.
# usage: build-faiss.sh <output folder>   (needs g++ libfaiss-dev libopenblas-dev)
set -euo pipefail
out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

archive=$(g++ -print-file-name=libfaiss.a)
[ -f "$archive" ] || { echo "build-faiss: libfaiss.a is missing; install libfaiss-dev." >&2; exit 1; }
g++ -std=c++17 -O2 -fPIC -fopenmp -Wall -c -o "$work/faiss_c.o" "$here/faiss_c.cpp"
g++ -std=c++17 -O3 -fPIC -ffast-math -Wall -c -o "$work/faiss_kernels.o" "$here/faiss_kernels.cpp"
# The first of several definitions wins: our kernels stand before the archive.
g++ -shared -fopenmp -o "$work/libfaiss_c.so" "$work/faiss_c.o" "$work/faiss_kernels.o" "$archive" -lopenblas \
  -Wl,--allow-multiple-definition -Wl,--version-script="$here/faiss_c.map" -Wl,--no-undefined -Wl,--as-needed -Wl,-s
mkdir -p "$out"
mv "$work/libfaiss_c.so" "$out/"
