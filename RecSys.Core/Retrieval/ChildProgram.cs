using System.Diagnostics;

namespace RecSys.Core.Retrieval;

/// <summary>
/// The program that this library belongs to, to be started again with a verb of its own for work that must not break or burden this
/// process.
/// </summary>
internal static class ChildProgram
{
    public const string Name = "RecSys.Api";

    /// <summary>How to start it, also from a host beside it; null when it is not there.</summary>
    public static ProcessStartInfo? Command()
    {
        var running = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(running) == Name) return new ProcessStartInfo(running);
        var beside = Path.Combine(AppContext.BaseDirectory, Name);
        if (Path.GetFileNameWithoutExtension(running) == "dotnet" && File.Exists(beside + ".dll"))
            return new ProcessStartInfo(running, [beside + ".dll"]);
        return File.Exists(beside) ? new ProcessStartInfo(beside) : null;
    }
}
