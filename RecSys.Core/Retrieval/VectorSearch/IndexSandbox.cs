using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Lets a child process read an index file first. FAISS trusts what it reads; a file that breaks it then ends the child and not the server.
/// </summary>
internal static class IndexSandbox
{
    /// <summary>The verb of the program that calls <see cref="IndexInspection.Inspect"/>.</summary>
    public const string Verb = "validate-index";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // By checksum: what this process has seen pass need not be tried again.
    private static readonly ConcurrentDictionary<string, bool> Passed = new(StringComparer.Ordinal);

    /// <param name="path">The file.</param>
    /// <param name="checksum">Of the file, which the caller has verified.</param>
    /// <param name="dimension">Floats per vector that it should have.</param>
    /// <param name="count">Vectors that it should have.</param>
    /// <param name="library">As <see cref="RetrievalOptions.FaissLibrary"/>.</param>
    /// <param name="cancellationToken">Ends the child.</param>
    /// <exception cref="RecSysException">The child found fault with the file, or died of it.</exception>
    public static async Task RequireSoundAsync(
        string path, string checksum, int dimension, long count, string? library, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{checksum} {dimension} {count} {library}");
        if (Passed.ContainsKey(key)) return;
        var start = ChildProgram.Command()
            ?? throw new RecSysException($"{ChildProgram.Name} is not beside this program, so nobody can validate an index file. Install "
                + "the whole program, or set Retrieval:Index to exact.");
        foreach (var argument in (string[])[Verb, path, dimension.ToString(CultureInfo.InvariantCulture),
            count.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        if (!string.IsNullOrWhiteSpace(library))
        {
            start.ArgumentList.Add("--library");
            start.ArgumentList.Add(library);
        }
        await RunAsync(start, path, cancellationToken);
        Passed[key] = true;
    }

    /// <summary>Runs a reader to its end; anything but success is a refusal.</summary>
    internal static async Task RunAsync(ProcessStartInfo start, string path, CancellationToken cancellationToken)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var child = Process.Start(start) ?? throw new RecSysException($"{start.FileName} could not be started to validate {path}.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var error = child.StandardError.ReadToEndAsync(deadline.Token);
            await child.StandardOutput.ReadToEndAsync(deadline.Token);
            var said = (await error).Trim();
            await child.WaitForExitAsync(deadline.Token);
            if (child.ExitCode == 0) return;
            // 1 is a refusal in words; anything else is a death by signal or an abort.
            throw child.ExitCode == 1 && said.Length > 0
                ? new RecSysException($"{path} is refused: {said.Replace("error: ", "", StringComparison.Ordinal)}")
                : new RecSysException($"{path} is refused: the process that read it first died of it (exit code {child.ExitCode}). The "
                    + "file is damaged or was written by another version of FAISS; publish the bundle again.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RecSysException(
                $"{path} is refused: it could not be validated within {Patience.TotalMinutes:0} minutes. Publish the bundle again.");
        }
        finally
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
    }
}
