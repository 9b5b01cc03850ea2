using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>How the limit of rows is shared, and that a night says what it left out and why.</summary>
[Collection(TorchCollection.Name)]
public sealed class RowLimitsTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    // Eight ninths and one ninth, as 0.8 and 0.1 of the time.
    [InlineData(13_600_000, 1_700_000, 800_000, 100_000)]
    // What one part does not need is the other's.
    [InlineData(13_600_000, 40_000, 860_000, 100_000)]
    [InlineData(500_000, 1_700_000, 800_000, 400_000)]
    [InlineData(500_000, 60_000, 840_000, 400_000)]
    public void Of_PartsOfAWindow_SharesTheLimitByTime(long train, long validation, long expectedTrain, long expectedValidation)
    {
        var limits = RowLimits.Of(Offered(train, validation, 10), new TrainingOptions { MaxImpressions = 900_000 });

        Assert.Equal((expectedTrain, expectedValidation), (limits.Train, limits.Validation));
    }

    [Fact]
    public void Reasons_PartsBeyondTheirLimit_NameTheOption()
    {
        var options = new TrainingOptions { MaxImpressions = 900 };
        options.Nightly.MaxTestImpressions = 1000;

        var reasons = RowLimits.Of(Offered(8000, 50, 1001), options).Reasons(Offered(8000, 50, 1001));

        Assert.Equal([SplitFile.TrainPart, SplitFile.TestPart], reasons.Keys.Order(StringComparer.Ordinal).Reverse());
        Assert.Contains("Training:MaxImpressions is 900", reasons[SplitFile.TrainPart], StringComparison.Ordinal);
        Assert.Contains("Training:Nightly:MaxTestImpressions is 1,000", reasons[SplitFile.TestPart], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreImpressionsThanTheLimit_TakesSomeOfEachPartAndSaysSo()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Options.MaxImpressions = 1800;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        rig.Finished = step =>
        {
            if (step == "features") stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(ct: stop.Token));

        var result = await NightJson.ReadAsync<StepResult>(Path.Combine(rig.Folder, "steps", "04-features.json"), Ct);
        // Lists are ten long and are taken as a whole.
        Assert.InRange(result.Counts["train_rows"], 1580, 1600);
        Assert.InRange(result.Counts["validation_rows"], 180, 210);
        Assert.True(result.Counts["train_offered"] > 10_000);
        Assert.Contains("(the latest; Training:MaxImpressions is 1,800)", result.Verdict, StringComparison.Ordinal);
        var rows = RowsFiles.ReadLists(Path.Combine(rig.Folder, "rows.parquet"));
        Assert.Equal(result.Counts["train_rows"], rows.Where(list => list.Part == SplitFile.TrainPart).Sum(list => list.Events.Count));
    }

    private static Dictionary<string, long> Offered(long train, long validation, long test) => new()
    {
        [SplitFile.TrainPart] = train, [SplitFile.ValidationPart] = validation, [SplitFile.TestPart] = test,
    };
}
