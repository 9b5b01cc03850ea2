using System.Diagnostics;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Deployment;

/// <summary>Prometheus, Alertmanager and their tools, as <c>eng/setup.sh</c> unpacked them.</summary>
internal static class MonitoringTools
{
    public static string Promtool => Find("promtool");

    public static string Prometheus => Find("prometheus");

    public static string Amtool => Find("amtool");

    public static string Alertmanager => Find("prometheus-alertmanager");

    /// <summary>Runs a tool in a folder of the repository.</summary>
    /// <returns>Its exit code, and what it said; what it said of errors behind it.</returns>
    public static async Task<(int Code, string Said)> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.File(folder), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, string.Concat(said));
    }

    private static string Find(string name)
    {
        var path = Repository.File($"artifacts/tools/prometheus/usr/bin/{name}");
        Assert.SkipUnless(File.Exists(path), $"{name} is not unpacked, which this system has no package of: see eng/setup.sh.");
        return path;
    }
}
