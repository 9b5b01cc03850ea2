using System.CommandLine;

namespace RecSys.Api.Commands.Bench;

internal static class ExactIndexBench
{
    internal static Command Create() => new("exact-index", "Measures the exact vector index.");
}
