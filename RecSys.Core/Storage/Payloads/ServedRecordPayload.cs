using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>
/// The stored form of a served record but for request, user and time, which stand in columns: about 25 bytes per item without features.
/// </summary>
internal static class ServedRecordPayload
{
    // Pools came with 2, the hash of the rules with 3; earlier records read as those that have none.
    private const byte WithRules = 3;
    private const byte Newest = WithRules;

    [Flags]
    private enum Has : byte
    {
        RetrievalScore = 1,
        Propensity = 2,
        Features = 4,
        Pool = 8,
    }

    internal static void Write(PayloadWriter writer, ServedRecord record)
    {
        writer.Byte(Newest);
        writer.Signed(record.Epoch);
        writer.Signed(record.Position);
        writer.Text(record.Assignment.Experiment);
        writer.Text(record.Assignment.Variant);
        writer.Text(record.Assignment.ModelVersion);
        writer.Text(record.Assignment.PolicyHash);
        writer.Text(record.Scenario);
        writer.Text(record.Device);
        writer.Text(record.Location);
        writer.Count(record.Degraded.Count);
        foreach (var part in record.Degraded) writer.Text(part);
        writer.Text(record.NotPersonal);
        writer.Double(record.LatencyMs);
        writer.Signed(record.FeatureTime.ToUnixTimeMilliseconds());
        writer.Text(record.CatalogueHash);
        writer.Text(record.RulesHash);
        writer.Count(record.Items.Count);
        foreach (var item in record.Items) Write(writer, item);
    }

    internal static ServedRecord Read(string requestId, string userId, long timeMs, ReadOnlySpan<byte> bytes, SharedTexts shared)
    {
        var reader = new PayloadReader(bytes);
        var version = reader.Version(Newest);
        return new ServedRecord
        {
            RequestId = requestId,
            UserId = userId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(timeMs),
            Epoch = reader.Signed(),
            Position = reader.Signed(),
            Assignment = new Assignment(Shared(ref reader, shared)!, Shared(ref reader, shared)!, Shared(ref reader, shared)!,
                Shared(ref reader, shared)!),
            Scenario = Shared(ref reader, shared),
            Device = Shared(ref reader, shared),
            Location = Shared(ref reader, shared),
            Degraded = Texts(ref reader, shared),
            NotPersonal = Shared(ref reader, shared),
            LatencyMs = reader.Double(),
            FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(reader.Signed()),
            CatalogueHash = Shared(ref reader, shared),
            RulesHash = version < WithRules ? null : Shared(ref reader, shared),
            Items = Items(ref reader),
        };
    }

    private static void Write(PayloadWriter writer, ServedItem item)
    {
        var has = (float.IsNaN(item.RetrievalScore) ? 0 : Has.RetrievalScore) | (item.Propensity == 1 ? 0 : Has.Propensity)
            | (item.Features is null ? 0 : Has.Features) | (item.Pool is null ? 0 : Has.Pool);
        writer.Byte((byte)has);
        writer.Count(item.Item);
        writer.Signed(item.Sources);
        if (has.HasFlag(Has.RetrievalScore)) writer.Single(item.RetrievalScore);
        writer.Signed(item.RetrievalRank);
        writer.Count(item.Scores.Count);
        foreach (var score in item.Scores) writer.Single(score);
        writer.Double(item.FinalScore);
        writer.Signed(item.RankBeforeRules);
        writer.Byte((byte)item.Slot);
        if (has.HasFlag(Has.Propensity)) writer.Double(item.Propensity);
        if (item.Pool is not null) WritePool(writer, item.Pool);
        if (item.Features is null) return;
        writer.Count(item.Features.Length);
        writer.Singles(item.Features);
    }

    private static ServedItem[] Items(ref PayloadReader reader)
    {
        var items = new ServedItem[reader.Count()];
        for (var i = 0; i < items.Length; i++)
        {
            var has = (Has)reader.Byte();
            items[i] = new ServedItem
            {
                Item = reader.Number(),
                Sources = (int)reader.Signed(),
                RetrievalScore = has.HasFlag(Has.RetrievalScore) ? reader.Single() : float.NaN,
                RetrievalRank = (int)reader.Signed(),
                Scores = reader.Singles(reader.Count()),
                FinalScore = reader.Double(),
                RankBeforeRules = (int)reader.Signed(),
                Slot = (SlotKind)reader.Byte(),
                Propensity = has.HasFlag(Has.Propensity) ? reader.Double() : 1,
                Pool = has.HasFlag(Has.Pool) ? ReadPool(ref reader) : null,
                Features = has.HasFlag(Has.Features) ? reader.Singles(reader.Count()) : null,
            };
        }
        return items;
    }

    // Each number as its distance from the one before: most take two bytes of a catalogue of a million.
    private static void WritePool(PayloadWriter writer, IReadOnlyList<int> pool)
    {
        writer.Count(pool.Count);
        var last = 0;
        foreach (var item in pool)
        {
            writer.Count(item - last);
            last = item;
        }
    }

    private static int[] ReadPool(ref PayloadReader reader)
    {
        var pool = new int[reader.Count()];
        var last = 0;
        for (var i = 0; i < pool.Length; i++) pool[i] = last += reader.Number();
        return pool;
    }

    private static string[] Texts(ref PayloadReader reader, SharedTexts shared)
    {
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++) texts[i] = Shared(ref reader, shared) ?? "";
        return texts;
    }

    private static string? Shared(ref PayloadReader reader, SharedTexts shared) => reader.TryUtf8(out var text) ? shared.Of(text) : null;
}
