using System.Diagnostics;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// This program's <c>serve</c> in a process of its own in the Development environment, on a free port of the loopback address, killed on
/// disposal.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Halt = 19;
    private const int Continue = 18;
    private const int MostLines = 2000;

    private readonly Process process;
    private readonly Task drained;
    private readonly Queue<string> lines = [];

    private ServerProcess(Process process, Uri address, TimeSpan startTime)
    {
        (this.process, Address, StartTime) = (process, address, startTime);
        // Somebody has to empty the pipe, or the server blocks on its own log.
        drained = DrainAsync(process.StandardOutput);
    }

    public Uri Address { get; }

    public int Id => process.Id;

    /// <summary>From the start of the process to the open port, which opens when everything is loaded and warm.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>User and kernel time since the start.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public long ResidentMegabytes => ResidentBytes >> 20;

    /// <summary>What the server wrote to its log since it was ready, the last lines of it.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines) return [.. lines];
        }
    }

    /// <param name="dataFolder">The data.</param>
    /// <param name="cancellationToken">Kills a server that is not ready yet.</param>
    /// <param name="more">Further arguments of <c>serve</c>.</param>
    /// <exception cref="RecSysException">The server ended before it was ready.</exception>
    public static Task<ServerProcess> StartAsync(string dataFolder, CancellationToken cancellationToken, params string[] more) =>
        StartAsync(dataFolder, new Dictionary<string, string>(), cancellationToken, more);

    /// <inheritdoc cref="StartAsync(string, CancellationToken, string[])"/>
    /// <param name="dataFolder">The data.</param>
    /// <param name="environment">Variables that the process gets beside those of this one.</param>
    /// <param name="cancellationToken">Kills a server that is not ready yet.</param>
    /// <param name="more">Further arguments of <c>serve</c>.</param>
    public static async Task<ServerProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(ServerProcess).Assembly.Location, "serve", "--data", dataFolder, "--port", "0", .. more])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        // Several may run at once; --set wins over it.
        start.Environment["Monitoring__MetricsPort"] = "0";
        // What is measured stays what serves.
        start.Environment["Alerts__Rollback"] = "false";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var begun = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                var at = line.IndexOf("http://", StringComparison.Ordinal);
                if (line.StartsWith("Serving model", StringComparison.Ordinal) && at >= 0)
                    return new ServerProcess(process, new Uri(line[at..]), Stopwatch.GetElapsedTime(begun));
            }
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            throw;
        }
        throw new RecSysException(
            $"The server on {dataFolder} ended with code {process.ExitCode} before it was ready; what it said stands above.");
    }

    /// <summary>Asks the server to stop (SIGTERM).</summary>
    public void Stop() => _ = Kill(process.Id, Terminate);

    /// <summary>Halts all of the server's threads (SIGSTOP) until <see cref="Resume"/>.</summary>
    public void Pause() => _ = Kill(process.Id, Halt);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => _ = Kill(process.Id, Continue);

    /// <summary>Ends the server whatever it is doing (SIGKILL). What it gave to the kernel is kept, unlike after a power failure.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for the end that was asked for.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await drained;
        process.Dispose();
    }

    private async Task DrainAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                if (lines.Count == MostLines) lines.Dequeue();
                lines.Enqueue(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
