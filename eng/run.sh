#!/usr/bin/env bash
# Sets the machine up, builds, and runs the demo on embedded defaults (SQLite, memory, exact index, CPU).
# Arguments go to the demo: ./eng/run.sh --port 9000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
eng/setup.sh --without-tests
echo "run: building"
dotnet build RecSys.Api -c Release --no-restore --nologo -v quiet
# Not by dotnet run, which starts the program in RecSys.Api and so puts data/demo there.
DOTNET_ENVIRONMENT=Development exec RecSys.Api/bin/Release/net10.0/RecSys.Api demo "$@"
