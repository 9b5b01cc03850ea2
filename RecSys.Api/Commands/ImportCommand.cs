using System.CommandLine;

namespace RecSys.Api.Commands;

/// <summary><c>import movielens|kuairand|jsonl|csv</c>: loads a data set into the store.</summary>
internal static class ImportCommand
{
    internal static Command Create() => new("import", "Load users, items and events into the store.");
}
