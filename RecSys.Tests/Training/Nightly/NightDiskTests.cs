using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A disk that takes no more: the night says so, and goes on once there is room.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightDiskTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disk_FullWithinAStep_SaysSoAndTheRunGoesOnOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(256);
        await using var rig = await NightRig.CopyAsync(fixture, Path.Combine(disk.Path, "data"));
        rig.Finished = step =>
        {
            // Enough for the store and the log of the run, too little for the rows.
            if (step == "split") disk.Fill(leave: 2 << 20);
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("The step features was not finished", failure.Message, StringComparison.Ordinal);
        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
        rig.Finished = null;
        rig.Ran();
        disk.Free();
        Assert.Equal(NightOutcome.Published, (await rig.RunAsync()).Outcome);
        Assert.Equal("features", rig.Ran()[0]);
        Assert.Equal(
            (await BundleManifest.ReadAsync(Path.Combine(fixture.Data, "models", "v1.0.0"), Ct)).Files,
            (await BundleManifest.ReadAsync(Path.Combine(rig.Data, "models", "v1.0.0"), Ct)).Files);
    }

    [Theory]
    [InlineData("features", "towers", "The step towers was not finished")]
    [InlineData("towers", "ranker", "The bundle challenger was not published")]
    public async Task Disk_FullWithinAFit_SaysSoAndTheRunGoesOnOnceThereIsRoom(string last, string fit, string expected)
    {
        using var disk = SmallDisk.Mount(256);
        await using var rig = await NightRig.CopyAsync(fixture, Path.Combine(disk.Path, "data"));
        rig.Finished = step =>
        {
            // Enough for the store and the log of the run, too little for what is fitted.
            if (step == last) disk.Fill(leave: 128 << 10);
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.Equal($"failed: {failure.Message}", (await File.ReadAllLinesAsync(Path.Combine(rig.Folder, "run.log"), Ct))[^1][21..]);
        Assert.Empty(await rig.Registry.ListAsync(Ct));
        rig.Ran();
        disk.Free();
        await rig.StopBehindAsync(fit);
        Assert.Equal([fit], rig.Ran());
    }

    [Fact]
    public async Task RecordOfThePublication_ThatCannotBeWritten_SaysWhatIsInForceAndIsCompletedByTheNextRun()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var record = Path.Combine(rig.Folder, NightFiles.Publication);
        File.Delete(record);
        // Nothing can take the place of a folder that is not empty.
        Directory.CreateDirectory(Path.Combine(record, "in the way"));

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("v1.0.0 is the registry's champion, which is in force", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Running the night again completes the record", failure.Message, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await rig.Registry.ReadChampionAsync(Ct))!.Version);
        Directory.Delete(record, recursive: true);
        Assert.Equal(NightOutcome.Published, (await rig.RunAsync()).Outcome);
        Assert.True(File.Exists(record));
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Refit_DiskFull_IsNoFaultOfTheModelAndIsMadeOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(256);
        await using var rig = await NightRig.CopyAsync(fixture, Path.Combine(disk.Path, "data"));
        await RefitRig.TakeOverAsync(fixture, rig, RefitRig.Refit, from: "09-gate");
        rig.Finished = step =>
        {
            // Enough for the store and the log of the run, too little for a bundle.
            if (step == "gate") disk.Fill(leave: 128 << 10);
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(rig.Folder, "steps", "10-refit.json")));
        Assert.Empty(await rig.Registry.ListAsync(Ct));
        rig.Finished = null;
        rig.Ran();
        disk.Free();
        Assert.Contains("refitted up to the newest event", (await rig.RunAsync()).Verdict, StringComparison.Ordinal);
        Assert.Equal(["refit", "publish"], rig.Ran());
    }

    [Fact]
    public async Task Lock_DiskFullBesideAnOwnerWhoIsGone_BlamesTheDiskAndKeepsNobodyOut()
    {
        using var disk = SmallDisk.Mount(4);
        NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch).Dispose();
        // Somebody who was killed.
        await File.WriteAllTextAsync(Path.Combine(disk.Path, "night.owner"), "", Ct);
        disk.Fill();

        var failure = Assert.Throws<RecSysException>(() => NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch));

        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("already", failure.Message, StringComparison.Ordinal);
        disk.Free();
        NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch).Dispose();
    }
}
