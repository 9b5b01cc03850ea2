using System.Diagnostics;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands.Bench;

/// <summary>This program's <c>serve</c> in a process of its own, on a free port of the loopback address, stopped on disposal.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private readonly Task drained;

    private ServerProcess(Process process, Uri address, TimeSpan startTime)
    {
        (this.process, Address, StartTime) = (process, address, startTime);
        // Somebody has to empty the pipe, or the server blocks on its own log.
        drained = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public Uri Address { get; }

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

    public long ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    /// <exception cref="RecSysException">The server ended before it was ready.</exception>
    public static async Task<ServerProcess> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        foreach (var argument in (string[])["serve", "--data", dataFolder, "--port", "0"]) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var begun = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var at = line.IndexOf("http://", StringComparison.Ordinal);
            if (!line.StartsWith("Serving model", StringComparison.Ordinal) || at < 0) continue;
            return new ServerProcess(process, new Uri(line[at..]), Stopwatch.GetElapsedTime(begun));
        }
        await process.WaitForExitAsync(cancellationToken);
        throw new RecSysException($"The server on {dataFolder} ended with code {process.ExitCode} before it was ready; what it said stands above.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await drained;
        process.Dispose();
    }
}
