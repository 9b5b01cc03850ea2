namespace RecSys.Api.Commands.Bench;

/// <summary>A file, or a folder of files, to import.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="FewestRows">Rows that it has at least: its lines without headers and empty ones; -1 where nobody can tell.</param>
/// <param name="MostRows">Rows that it has at most, with whatever may end a line.</param>
/// <param name="Sample">The beginning of its content.</param>
internal sealed record FuzzFile(string Path, long FewestRows, long MostRows, string Sample);
