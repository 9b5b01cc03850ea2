using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

public abstract class ServedFeatureStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private static ServedFeatures Request(string id, DateTimeOffset? time = null) => new()
    {
        RequestId = id,
        UserId = "u",
        Time = time ?? Sample.Noon,
        FeatureTime = Sample.Noon.AddDays(-3),
        ModelVersion = "v1.2.3",
        CatalogueHash = "abc",
        Fold = new FoldMark(0, null),
        Rows = [new ServedFeatureRow("i", 0.5f, 0, [1])],
    };

    [Fact]
    public async Task AppendAsync_FullRequest_ComesBackBitByBit()
    {
        float[] values = [0.1f, -0f, float.NaN, float.NegativeInfinity, float.Epsilon, float.MaxValue];
        var request = Request("r") with
        {
            Device = "mobile",
            Location = "São Paulo",
            Fold = new FoldMark(1L << 40, "e'1"),
            Rows = [new ServedFeatureRow("i'1", float.NaN, -1, values), new ServedFeatureRow("i2", 1f / 3, 7, [])],
        };

        await Store.ServedFeatures.AppendAsync([request], Ct);

        var stored = Assert.Single(await Store.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct));
        Assert.Equal(request, stored with { Rows = request.Rows });
        Assert.Equal(request.Rows.Select(row => (row.ItemId, row.RetrievalScore, row.RetrievalRank)), stored.Rows.Select(row => (row.ItemId, row.RetrievalScore, row.RetrievalRank)));
        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), stored.Rows[0].Values.Select(BitConverter.SingleToUInt32Bits));
        Assert.Empty(stored.Rows[1].Values);
    }

    [Fact]
    public async Task AppendAsync_KnownRequest_KeepsItsFirstRows()
    {
        await Store.ServedFeatures.AppendAsync([Request("r")], Ct);
        await Store.ServedFeatures.AppendAsync([Request("r") with { Rows = [new ServedFeatureRow("other", 0, 0, [2])] }, Request("s")], Ct);

        var stored = await Store.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct);

        Assert.Equal(["s", "r"], stored.Select(request => request.RequestId));
        Assert.All(stored, request => Assert.Equal("i", Assert.Single(request.Rows).ItemId));
    }

    [Fact]
    public async Task AppendAsync_OneBadRequest_StoresNothing()
    {
        await Assert.ThrowsAsync<RecSysException>(() => Store.ServedFeatures.AppendAsync([Request("a"), Request("b") with { UserId = "" }], Ct));
        await Assert.ThrowsAsync<RecSysException>(() => Store.ServedFeatures.AppendAsync([Request("a"), Request("b") with { Rows = [] }], Ct));

        Assert.Empty(await Store.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task ReadAsync_Since_GivesRequestsFromThenOnLastStoredFirst()
    {
        await Store.ServedFeatures.AppendAsync([Request("old", Sample.Noon.AddMilliseconds(-1)), Request("first"), Request("late", Sample.Noon.AddHours(1)), Request("last")], Ct);

        var stored = await Store.ServedFeatures.ReadAsync(Sample.Noon, Ct).ToListAsync(Ct);

        Assert.Equal(["last", "late", "first"], stored.Select(request => request.RequestId));
    }

    [Fact]
    public async Task DeleteBeforeAsync_OldRequests_GoWithTheirRows()
    {
        await Store.ServedFeatures.AppendAsync([Request("old", Sample.Noon.AddMilliseconds(-1)), Request("new")], Ct);

        Assert.Equal(1, await Store.ServedFeatures.DeleteBeforeAsync(Sample.Noon, Ct));

        Assert.Equal(["new"], (await Store.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct)).Select(request => request.RequestId));
        await Store.ServedFeatures.AppendAsync([Request("old")], Ct);
        Assert.All(await Store.ServedFeatures.ReadAsync(null, Ct).ToListAsync(Ct), request => Assert.Single(request.Rows));
    }
}
