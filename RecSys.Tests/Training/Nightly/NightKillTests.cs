using System.Diagnostics;
using RecSys.Api.Hosting;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night whose process is killed in one step after the other, with a refit behind its gate.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightKillTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nightly_KilledWithinEachStep_GoesOnToWhatAnUnbrokenRunPublishes()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var kept = new List<string>();
        foreach (var step in NightlyPipeline.Steps)
        {
            var said = await KillWithinAsync(rig, step);
            // What was finished before stays finished; a step that is over in no time may have been finished before the signal came.
            foreach (var done in kept) Assert.Contains(said, line => IsLine(line, done, "kept"));
            if (said.Length > 0) Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
            kept = [.. NightlyPipeline.Steps.TakeWhile((name, at) => File.Exists(ResultOf(rig, at, name)))];
            Assert.True(kept.Count >= NightlyPipeline.Steps.ToList().IndexOf(step), $"{step}: {string.Join(", ", kept)}");
        }

        Assert.True(File.Exists(Path.Combine(rig.Data, "nights", "night.owner")));
        var (planCode, plan, _) = await ProcessRig.RunAsync([.. Arguments(rig), "--dry-run"]);
        var (code, output, error) = await ProcessRig.RunAsync(Arguments(rig));

        Assert.True(planCode == 0 && code == 0, output + error);
        Assert.All(kept, step => Assert.Matches($"{step} +kept", plan));
        Assert.All(kept, step => Assert.Matches($"{step} +kept", output));
        Assert.Contains("v1.0.0 is the champion", output, StringComparison.Ordinal);
        Assert.Contains("refitted up to the newest event", output, StringComparison.Ordinal);
        var expected = await BundleManifest.ReadAsync(Path.Combine(await fixture.RefittedAsync(), "models", "v1.0.0"), Ct);
        var published = await BundleManifest.ReadAsync(Path.Combine(rig.Data, "models", "v1.0.0"), Ct);
        Assert.Equal(expected.Files, published.Files);
        Assert.Single(await rig.Registry.ListAsync(Ct));
        var log = await File.ReadAllTextAsync(Path.Combine(rig.Folder, "run.log"), Ct);
        Assert.Contains("ended without a word", log, StringComparison.Ordinal);
        Assert.Contains("train two-tower", log, StringComparison.Ordinal);
    }

    /// <summary>Starts the program and kills it as soon as something is so.</summary>
    internal static async Task KillWhenAsync(string[] arguments, Func<bool> so)
    {
        using var process = Start(arguments);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        while (!process.HasExited && !so()) await Task.Delay(1, Ct);
        process.Kill();
        await process.WaitForExitAsync(Ct);
        Assert.True(so(), string.Concat(await said));
    }

    private static Process Start(string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(ServerSettings).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_ENVIRONMENT"] = "Development" },
        })!;

    // Starts the night, reads what it says until the step begins, and kills it there.
    private static async Task<string[]> KillWithinAsync(NightRig rig, string step)
    {
        using var process = Start(Arguments(rig));
        var errors = process.StandardError.ReadToEndAsync(Ct);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Ct) is { } line)
        {
            said.Add(line);
            if (IsLine(line, step, "runs")) break;
        }
        process.Kill();
        await process.WaitForExitAsync(Ct);
        Assert.True(said.Count > 0 && IsLine(said[^1], step, "runs"), $"{step} did not run: {string.Join('\n', said)}\n{await errors}");
        return [.. said];
    }

    private static string[] Arguments(NightRig rig) => [.. NightCommandTests.Arguments(rig), "--set", "Training:Nightly:Refit=true"];

    private static bool IsLine(string line, string step, string what) =>
        line.StartsWith($"{step} ", StringComparison.Ordinal) && line.Contains($" {what} ", StringComparison.Ordinal);

    private static string ResultOf(NightRig rig, int at, string step) => Path.Combine(rig.Folder, "steps", $"{at + 1:00}-{step}.json");
}
