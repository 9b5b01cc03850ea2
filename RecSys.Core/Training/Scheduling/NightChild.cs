using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Scheduling;

/// <summary>
/// One run of the training in a child process, which is nice to everybody, is the first to be ended where memory is short, and may
/// have a limit of its own. Its lines are handed on as they come.
/// </summary>
internal static partial class NightChild
{
    /// <summary>The arguments of the program that make a night; <c>--data FOLDER</c> follows.</summary>
    public static readonly string[] Arguments = ["train", "nightly"];

    /// <summary>Exit code of a night that found nothing to do, or another one at work (sysexits.h, EX_TEMPFAIL).</summary>
    public const int Skipped = 75;

    // Of a line that is handed on.
    private const int MostCharacters = 500;

    private const int MostRounds = 100;
    private const int PriorityOfProcess = 0;
    private const int LimitOfData = 2;
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="start">The program with its arguments.</param>
    /// <param name="options">Niceness and memory.</param>
    /// <param name="line">Gets each line; never two at once.</param>
    /// <param name="cancellationToken">Tells the child to stop, and ends it when it does not.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="RecSysException">It could not be started.</exception>
    public static async Task<int> RunAsync(
        ProcessStartInfo start, ScheduleOptions options, Action<string> line, CancellationToken cancellationToken)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);
        using var child = Start(start);
        child.StandardInput.Close();
        Restrain(child.Id, options);
        var gate = new Lock();
        var reading = Task.WhenAll(HandOnAsync(child.StandardOutput), HandOnAsync(child.StandardError));
        try
        {
            await child.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(child);
            throw;
        }
        finally
        {
            await reading;
        }
        return child.ExitCode;

        async Task HandOnAsync(StreamReader output)
        {
            while (await output.ReadLineAsync(CancellationToken.None) is { } text)
            {
                if (string.IsNullOrWhiteSpace(text)) continue;
                lock (gate) line(text.Length <= MostCharacters ? text : text[..MostCharacters]);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new RecSysException($"{start.FileName} could not be started.");
        }
        catch (Win32Exception failure)
        {
            throw new RecSysException($"{start.FileName} could not be started: {failure.Message}", failure);
        }
    }

    private static void Restrain(int process, ScheduleOptions options)
    {
        if (!OperatingSystem.IsLinux()) return;
        BeNice(process, options.Niceness);
        if (options.MemoryMiB is { } mebi) _ = SetLimit(process, LimitOfData, new Limit((long)mebi << 20, (long)mebi << 20), 0);
        try
        {
            File.WriteAllText($"/proc/{process}/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or this account may not.
        }
    }

    // Niceness is one of threads, and new threads take over that of the one that makes them: when a look finds no further one, all have it.
    private static void BeNice(int process, int niceness)
    {
        _ = SetPriority(PriorityOfProcess, process, niceness);
        var known = new HashSet<int> { process };
        for (var (round, grew) = (0, true); grew && round < MostRounds; round++)
        {
            grew = false;
            try
            {
                foreach (var folder in Directory.EnumerateDirectories($"/proc/{process}/task"))
                {
                    if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var thread) || !known.Add(thread))
                        continue;
                    _ = SetPriority(PriorityOfProcess, thread, niceness);
                    grew = true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended already.
                return;
            }
        }
    }

    private static async Task StopAsync(Process child)
    {
        if (!OperatingSystem.IsWindows()) _ = Kill(child.Id, Terminate);
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await child.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int niceness);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int SetLimit(int process, int resource, in Limit limit, nint old);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(long Soft, long Hard);
}
