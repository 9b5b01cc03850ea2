using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Storage.Lake;

namespace RecSys.Tests.Training.Nightly;

/// <summary>The rows that a night learns from, against SQL over its files and over the log.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightRowsTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_ByPlainSql_FollowEachOtherInTime()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var rows = $"'{Path.Combine(rig.Folder, "rows.parquet")}'";

        var parts = await LakeRig.QueryAsync($"""
            SELECT (SELECT max(time_ms) FROM {rows} WHERE part = 'train') < (SELECT min(time_ms) FROM {rows} WHERE part = 'validation'),
                (SELECT max(time_ms) FROM {rows} WHERE part = 'validation') < (SELECT min(time_ms) FROM {rows} WHERE part = 'test'),
                count(DISTINCT part), count(*) > 5000, count(DISTINCT position) = count(*)
            FROM {rows}
            """);

        Assert.Equal(["True True 3 True True"], parts);
    }

    [Fact]
    public async Task Rows_BesideTheLog_AreItsImpressionsOfTheWindow()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var places = await LakeRig.QueryAsync(
            $"SELECT position, time_ms, label FROM '{Path.Combine(rig.Folder, "rows.parquet")}' ORDER BY position");
        await using var log = new SqliteConnection($"Data Source={Path.Combine(rig.Data, "recsys.db")};Pooling=False;Mode=ReadOnly");
        var end = NightFixture.Start.AddDays(NightFixture.Days - 1).ToUnixTimeMilliseconds();

        var expected = (await log.QueryAsync<(long Position, long Time, long Clicked)>("""
            SELECT shown.position, (SELECT min(min(head.happened_ms, head.received_ms)) FROM log AS head
                    WHERE head.kind = 0 AND head.type = shown.type AND head.request_id = shown.request_id AND head.user_id = shown.user_id),
                EXISTS (SELECT 1 FROM log AS click WHERE click.kind = 0 AND click.type = @click AND click.user_id = shown.user_id
                    AND click.item = shown.item AND click.received_ms < @end AND click.happened_ms >= shown.happened_ms
                    AND click.happened_ms - shown.happened_ms <= 1800000
                    AND NOT EXISTS (SELECT 1 FROM log AS again WHERE again.kind = 0 AND again.type = shown.type
                        AND again.user_id = shown.user_id AND again.item = shown.item AND again.position > shown.position
                        AND again.happened_ms <= click.happened_ms AND again.position < click.position))
            FROM log AS shown WHERE shown.kind = 0 AND shown.type = @shown AND shown.received_ms < @end ORDER BY shown.position
            """, new { end, click = (int)Core.Domain.EventType.Click, shown = (int)Core.Domain.EventType.Impression })).ToArray();

        Assert.Equal(expected.Select(row => $"{row.Position} {row.Time} {row.Clicked}"), places);
    }

    [Fact]
    public async Task Features_OneDayOfEventsMore_StayBitForBit()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        rig.Finished = step =>
        {
            if (step == "features") stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            rig.RunAsync(NightRig.Request(NightFixture.Day.AddDays(1)), stop.Token));

        // The first night was kept small when the second began; the fixture's has all files.
        var (before, after) = (await ReadAsync(fixture.Data, NightFixture.Day), await ReadAsync(rig.Data, NightFixture.Day.AddDays(1)));

        Assert.True(after.Count > before.Count + 1000);
        Assert.All(before, row => Assert.Equal(row.Value, after[row.Key]));
    }

    // Bits of the features of every row, by the position of its event.
    private static async Task<Dictionary<long, string>> ReadAsync(string data, DateOnly day)
    {
        var folder = new NightFolder(Path.Combine(data, "nights"), day);
        var night = await NightData.ReadAsync(folder, Ct);
        var width = Core.Features.FeatureCatalogue.Default.Count;
        var rows = new RankerRows(width, 1);
        RowsFiles.ReadValues(folder["rows.f32"], RowsFiles.ReadLists(folder["rows.parquet"]), rows);
        return Enumerable.Range(0, rows.Count).ToDictionary(row => night.Log.Positions[rows.Events[row]], row =>
            Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.Values.Slice(row * width, width))));
    }
}
