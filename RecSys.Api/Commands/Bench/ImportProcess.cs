using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Contracts;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// This program's <c>import</c> in a process of its own, with events of random users on random items; ended on disposal, what it stored
/// stays.
/// </summary>
internal sealed class ImportProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task drained;
    private readonly string file;

    private ImportProcess(Process process, string file)
    {
        (this.process, this.file) = (process, file);
        drained = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public bool HasEnded => process.HasExited;

    public static async Task<ImportProcess> StartAsync(string dataFolder, int events, CancellationToken cancellationToken)
    {
        var world = await BenchWorld.ReadAsync(dataFolder, cancellationToken);
        var file = Path.GetTempFileName();
        await WriteAsync(file, world, events, cancellationToken);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(ImportProcess).Assembly.Location, "import", "jsonl", "events", file, "--data",
            dataFolder])
            start.ArgumentList.Add(argument);
        return new ImportProcess(Process.Start(start)!, file);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await drained;
        process.Dispose();
        File.Delete(file);
    }

    private static async Task WriteAsync(string file, BenchWorld world, int events, CancellationToken cancellationToken)
    {
        var (random, run) = (new Random(1), Guid.NewGuid().ToString("N")[..8]);
        await using var output = File.Create(file);
        for (var i = 0; i < events; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using (var json = new Utf8JsonWriter(output))
            {
                json.WriteStartObject();
                EventBody.WriteFields(json, world.Event(random, $"{run}-{i}"));
                json.WriteEndObject();
            }
            output.WriteByte((byte)'\n');
        }
    }
}
