using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Commands;

/// <summary>The one place that turns what a command threw into an exit code and a sentence that says what to do.</summary>
internal static class Failures
{
    public const int Failed = 1;

    /// <summary>Nothing is wrong, and there was nothing to do.</summary>
    public const int Skipped = NightChild.Skipped;

    /// <summary>A defect of the program (sysexits.h, EX_SOFTWARE).</summary>
    public const int Defect = 70;

    /// <summary>Ended by a signal or Ctrl-C.</summary>
    public const int Stopped = 130;

    // errno of Linux; .NET keeps it in HResult.
    private const int NoSpace = 28, ReadOnlyFileSystem = 30, FileTooBig = 27, QuotaExceeded = 122, TooManyFiles = 24;

    /// <summary>
    /// Says what happened on <paramref name="error"/> and gives the exit code. A defect comes with its stack trace, everything else in one
    /// line.
    /// </summary>
    public static async Task<int> ReportAsync(Exception failure, TextWriter error)
    {
        if (Unwrapped(failure).Any(inner => inner is OperationCanceledException) && Explain(failure) is null)
        {
            await error.WriteLineAsync("stopped");
            return Stopped;
        }
        if (Unwrapped(failure).OfType<RecSysException>().FirstOrDefault() is { IsSkip: true } skip)
        {
            await error.WriteLineAsync($"skipped: {skip.Message.ReplaceLineEndings(" ")}");
            return Skipped;
        }
        if (Explain(failure) is { } sentence)
        {
            await error.WriteLineAsync($"error: {sentence.ReplaceLineEndings(" ")}");
            return Failed;
        }
        await error.WriteLineAsync(
            $"error: this is a defect of the program; please report it with what follows.{Environment.NewLine}{failure}");
        return Defect;
    }

    /// <summary>What a person can do about a failure, or null when it is a defect of the program.</summary>
    public static string? Explain(Exception failure) => Unwrapped(failure).Select(One).FirstOrDefault(sentence => sentence is not null);

    private static string? One(Exception failure) => failure switch
    {
        RecSysException expected => expected.Message,
        OptionsValidationException options => $"The configuration is not usable: {string.Join(' ', options.Failures)}",
        OutOfMemoryException => "There is not enough memory for this. Give the process more, or work on less: fewer days (train --days), "
            + "Training:MaxImpressions, a smaller Training:Towers:BatchSize.",
        ExternalException native when native.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase) =>
            "There is not enough memory for training. Give the process more, or set a smaller Training:Towers:BatchSize.",
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => MissingLibrary(failure),
        NotSupportedException when failure.Message.Contains("libtorch", StringComparison.OrdinalIgnoreCase) => MissingLibrary(failure),
        _ => Databases.Explain(failure) ?? OfFiles(failure),
    };

    private static string? OfFiles(Exception failure) => failure switch
    {
        _ when MissingAssembly.Explain(failure) is { } part => part,
        _ when WrongKind.Explain(failure) is { } kind => kind,
        IOException { HResult: NoSpace or QuotaExceeded } =>
            $"The disk is full: {failure.Message} Free some space and try again; what was there before is unharmed.",
        IOException { HResult: FileTooBig } =>
            $"A file grew beyond what this system allows: {failure.Message} Raise the limit (ulimit -f) and try again.",
        IOException { HResult: ReadOnlyFileSystem } =>
            $"The file system is read-only: {failure.Message} Choose a folder that can be written.",
        IOException { HResult: TooManyFiles } => "Too many files are open. Raise the limit (ulimit -n) and try again.",
        IOException => $"{failure.Message} Check that the path exists and the disk is sound.",
        UnauthorizedAccessException =>
            $"{failure.Message} Check the permissions of the file and its folder, or choose another with --data.",
        _ => null,
    };

    private static string MissingLibrary(Exception failure)
    {
        var reason = failure.Message.Split('\n', 2)[0].Trim();
        return $"A native library cannot be loaded: {(reason.Length > 300 ? reason[..300] : reason)} Run ./eng/setup.sh, which prepares "
            + "the libraries for this system, and build again.";
    }

    // Static constructors and tasks wrap what happened.
    private static IEnumerable<Exception> Unwrapped(Exception failure)
    {
        yield return failure;
        var inner = failure is AggregateException several
            ? several.InnerExceptions : failure.InnerException is { } one ? [one] : (IReadOnlyList<Exception>)[];
        foreach (var nested in inner.SelectMany(Unwrapped)) yield return nested;
    }
}
