using CsCheck;
using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

/// <summary>Served records for tests.</summary>
internal static class Served
{
    internal static readonly Gen<ServedRecord> Any =
        from ids in Gen.Select(Sample.Id, Sample.Id)
        from times in Gen.Select(Sample.Time, Sample.Time)
        from log in Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue])
        from texts in Gen.Select(Sample.Text, Sample.Text, Sample.Text, Sample.Text)
        from context in Gen.Select(Sample.Text, Sample.Text, Sample.Text.Array[0, 3], Gen.Bool)
        from items in Item.Array[0, 5]
        from latency in Sample.Number
        select new ServedRecord
        {
            RequestId = ids.Item1,
            UserId = ids.Item2,
            Time = times.Item1,
            FeatureTime = times.Item2,
            Epoch = log.Item1,
            Position = log.Item2,
            Assignment = new Assignment(texts.Item1, texts.Item2, texts.Item3, texts.Item4),
            Scenario = context.Item4 ? context.Item1 : null,
            Device = context.Item4 ? null : context.Item2,
            Location = context.Item2,
            Degraded = context.Item3,
            NotPersonal = context.Item4 ? context.Item2 : null,
            LatencyMs = latency,
            CatalogueHash = context.Item4 ? "hash" : null,
            RulesHash = context.Item4 ? null : "rules",
            Items = items,
        };

    private static readonly Gen<float> Float = Gen.OneOf(Gen.Float[-1e6f, 1e6f], Gen.Const(float.NaN), Gen.Const(0f));

    private static Gen<ServedItem> Item =>
        from numbers in Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int, Gen.Int[-1, 500], Gen.Int[-1, 500])
        from scores in Gen.Select(Float, Float.Array[0, 3], Sample.Number, Gen.Double[0, 1])
        from features in Gen.OneOf(Gen.Const((float[]?)null), Float.Array[0, 4].Select(float[]? (values) => values))
        from slot in Gen.Int[0, 2]
        from others in Gen.OneOf(Gen.Const((int[]?)null), Gen.Int[0, int.MaxValue].Array[0, 20].Select(int[]? (values) => values))
        select new ServedItem
        {
            Item = numbers.Item1,
            Sources = numbers.Item2,
            RetrievalRank = numbers.Item3,
            RankBeforeRules = numbers.Item4,
            RetrievalScore = scores.Item1,
            Scores = scores.Item2,
            FinalScore = scores.Item3,
            Propensity = scores.Item4,
            Features = features,
            Slot = (SlotKind)slot,
            Pool = others is null ? null : [.. others.Append(numbers.Item1).Distinct().Order()],
        };

    internal static ServedRecord Record(string request, string user = "u", DateTimeOffset? time = null) => new()
    {
        RequestId = request,
        UserId = user,
        Time = time ?? Sample.Noon,
        FeatureTime = Sample.Noon,
        Epoch = 1,
        Position = 7,
        Assignment = new Assignment("none", "control", "v1", "policy"),
        LatencyMs = 1.5,
        Items = [new ServedItem { Item = 3, Scores = [0.5f], FinalScore = 0.25 }],
    };

    /// <summary>Everything in a record as text, with all digits of its numbers.</summary>
    internal static string Text(ServedRecord record) => System.Text.Json.JsonSerializer.Serialize(record, Options);

    private static readonly System.Text.Json.JsonSerializerOptions Options =
        new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
