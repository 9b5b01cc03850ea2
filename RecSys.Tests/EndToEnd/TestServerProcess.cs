using System.Diagnostics;
using RecSys.Api.Hosting;

namespace RecSys.Tests.EndToEnd;

/// <summary>The program's <c>serve</c> in a process of its own on a free port, in the Development environment.</summary>
internal sealed class TestServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task draining;

    private TestServerProcess(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        draining = process.StandardOutput.ReadToEndAsync();
    }

    public Uri Address { get; }

    public int Id => process.Id;

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public static async Task<TestServerProcess> StartAsync(string dataFolder, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(ServerSettings).Assembly.Location, "serve", "--data", dataFolder, "--port", "0", .. more]) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            var at = line.IndexOf("http://", StringComparison.Ordinal);
            if (line.StartsWith("Serving model", StringComparison.Ordinal) && at >= 0) return new TestServerProcess(process, new Uri(line[at..]));
        }
        throw new InvalidOperationException("The server ended before it was ready.");
    }

    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await draining;
        process.Dispose();
    }
}
