using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Served records as rows of <see cref="LakeSchema.Served"/>, one per place, and back, losslessly.</summary>
internal static class ServedRows
{
    /// <summary>Counts in manifests as the kind of a list without items.</summary>
    internal const string NoPlace = "none";

    internal const int PlaceColumn = 17;
    private const int ColumnsOfPlaces = 13;

    /// <param name="row">A new row.</param>
    /// <param name="record">The record.</param>
    /// <param name="place">Zero-based; null for a list without items.</param>
    /// <param name="itemId">Id of the item at the place; null where it is not known any more.</param>
    internal static void Write(LakeRow row, ServedRecord record, int? place, string? itemId)
    {
        row.Text(record.RequestId);
        row.Text(record.UserId);
        row.Int64(record.Time.ToUnixTimeMilliseconds());
        row.Int64(record.Epoch);
        row.Int64(record.Position);
        row.Text(record.Assignment.Experiment);
        row.Text(record.Assignment.Variant);
        row.Text(record.Assignment.ModelVersion);
        row.Text(record.Assignment.PolicyHash);
        row.Text(record.Scenario);
        row.Text(record.Device);
        row.Text(record.Location);
        row.Texts(record.Degraded);
        row.Text(record.NotPersonal);
        row.Double(record.LatencyMs);
        row.Int64(record.FeatureTime.ToUnixTimeMilliseconds());
        row.Text(record.CatalogueHash);
        if (place is not { } at)
        {
            row.Nulls(ColumnsOfPlaces);
            row.Text(record.RulesHash);
            return;
        }
        var item = record.Items[at];
        row.Int32(at);
        row.Int32(item.Item);
        row.Text(itemId);
        row.Int32(item.Sources);
        row.Single(float.IsNaN(item.RetrievalScore) ? null : item.RetrievalScore);
        row.Int32(item.RetrievalRank);
        row.Singles(item.Scores);
        row.Double(item.FinalScore);
        row.Int32(item.RankBeforeRules);
        row.Text(LakeNames.Of(item.Slot));
        row.Double(item.Propensity);
        row.Singles(item.Features);
        row.Int32s(item.Pool);
        row.Text(record.RulesHash);
    }

    /// <summary>The record that the reader's row begins, without items.</summary>
    internal static ServedRecord Read(LakeRows rows) => new()
    {
        RequestId = rows.Required(0),
        UserId = rows.Required(1),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(2)),
        Epoch = rows.Int64(3),
        Position = rows.Int64(4),
        Assignment = new Assignment(rows.Required(5), rows.Required(6), rows.Required(7), rows.Required(8)),
        Scenario = rows.Text(9),
        Device = rows.Text(10),
        Location = rows.Text(11),
        Degraded = rows.List<string>(12) ?? [],
        NotPersonal = rows.Text(13),
        LatencyMs = rows.Double(14),
        FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(15)),
        CatalogueHash = rows.Text(16),
        RulesHash = rows.Text(30),
        Items = [],
    };

    /// <summary>The place of the reader's row; null for a list without items.</summary>
    internal static ServedItem? ReadPlace(LakeRows rows) => rows.IsNull(PlaceColumn) ? null : new ServedItem
    {
        Item = rows.Int32(18),
        Sources = rows.Int32(20),
        RetrievalScore = rows.IsNull(21) ? float.NaN : rows.Single(21),
        RetrievalRank = rows.Int32(22),
        Scores = rows.List<float>(23) ?? [],
        FinalScore = rows.Double(24),
        RankBeforeRules = rows.Int32(25),
        Slot = LakeNames.Slot(rows.Required(26)),
        Propensity = rows.Double(27),
        Features = rows.List<float>(28) is { } features ? [.. features] : null,
        Pool = rows.List<int>(29),
    };
}
