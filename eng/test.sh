#!/usr/bin/env bash
# Sets the machine up, builds, and runs all tests. The last line is "N passed, N failed"; the exit code says the same.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! { eng/setup.sh && dotnet build RecSys.sln -c Release --no-restore --nologo -v quiet; }; then
  echo "0 passed, 1 failed"
  exit 1
fi
# A test that hangs is named and ends the run, which then has failed.
dotnet test RecSys.sln -c Release --no-build --nologo --logger "console;verbosity=normal" \
  --blame-hang-timeout 5m --blame-hang-dump-type none 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)$/\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count Passed) failed=$(count Failed)
# A crash of the test process leaves a bad status without a failed test; no test at all is a failure too.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
# What failed is told once more where it is looked for first: at the end.
if [ "$failed" -gt 0 ]; then
  awk '/^ *Failed [A-Za-z_.]+\(?/ { on = 1; lines = 0 } /^ *Passed |^\[xUnit|^Data collector|^Test Run/ { on = 0 } on && lines++ < 40' "$log"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
