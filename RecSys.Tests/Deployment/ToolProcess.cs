using System.Diagnostics;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Deployment;

/// <summary>A program that serves HTTP on a loopback port until the test is over.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process process;
    private readonly Queue<string> lines = new();

    /// <param name="program">Full path.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="arguments">Its arguments.</param>
    public ToolProcess(string program, int port, params string[] arguments)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                // Where eng/setup.sh has made it look for its files.
                WorkingDirectory = Repository.File("artifacts/tools/prometheus"),
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            },
        };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public Uri Address { get; }

    /// <summary>The last lines that it wrote.</summary>
    public string Said
    {
        get
        {
            lock (lines) return string.Join('\n', lines);
        }
    }

    /// <summary>Waits until it answers.</summary>
    public async Task ReadyAsync(HttpClient http) => await Hosting.Calls.EventuallyAsync(async () =>
    {
        Assert.False(process.HasExited, Said);
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "/-/ready"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, isReady => isReady);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (lines)
        {
            if (lines.Count == 50) lines.Dequeue();
            lines.Enqueue(line.Data);
        }
    }
}
