using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

/// <summary>Small random worlds and the plain way to compute a row: fold the prefix, then extract.</summary>
internal static class FeatureLogs
{
    public const long Start = 1_767_600_000_000;

    public static readonly ItemCatalog Items = ItemCatalog.Create(Enumerable.Range(0, 12).Select(i => new Item
    {
        Id = $"i{i}", Title = new string('t', i + 1), Category = $"c{i % 3}", Creator = i % 4 == 0 ? null : $"m{i % 5}",
        Price = i % 3 == 0 ? null : 3 * i, DurationSeconds = i % 5 == 0 ? null : 20 + 15 * i,
        CreatedAt = i % 6 == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Start).AddDays(-i),
    }));

    public static readonly ItemColumns Facts = ItemColumns.Of(Items);

    public static readonly UserDirectory Users = new(Enumerable.Range(0, 4).Select(i => new User
    {
        Id = $"u{i}", Gender = i % 2 == 0
            ? "female" : null, Age = 20 + i, Attributes = new Dictionary<string, string> { ["level"] = "3", ["job"] = "cook" },
    }));

    private static readonly Gen<LogEvent> AnyEvent = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 11], Gen.Int[0, 16], Gen.Float[0, 90], Gen.Short[-1, 9], Gen.Byte[0, 5], Gen.Byte[0, 9],
        (user, item, type, value, position, device, location) => new LogEvent(
            0, user, item, type > 10 ? (EventType)(type % 2) : (EventType)type,
            value < 20 ? float.NaN : value > 88 ? float.PositiveInfinity : value, position, device, location));

    /// <summary>Up to 60 events of 4 users and 12 items; gaps from none (same request) to days.</summary>
    public static readonly Gen<LogEvent[]> Any =
        Gen.Select(AnyEvent, Gen.OneOf(Gen.Const(0), Gen.Int[1, 5000], Gen.Int[60_000, 7_200_000], Gen.Int[1, 400_000_000]))
        .Array[1, 60].Select(steps =>
        {
            var time = Start;
            return steps.Select(step => step.Item1 with { TimeMs = time += step.Item2 }).ToArray();
        });

    public static InteractionLog Log(LogEvent[] events) => new(Items, Users, events);

    public static FeatureState Fold(IEnumerable<LogEvent> events)
    {
        var state = new FeatureState(Items);
        foreach (var e in events) state.Apply(in e);
        return state;
    }

    /// <summary>
    /// Takes an event into a user's state alone, as one of which an average user makes a tenth of a click and half a long view.
    /// </summary>
    public static void Apply(UserState user, in LogEvent e, ItemColumns? facts = null) =>
        user.Apply(in e, in (facts ?? Facts)[e.Item], new Contribution(user.PlayOf(in e), 0.1f, 0.5f, 0.1f, 0.5f));

    public static float[] Row(FeatureState state, LogEvent at, IItemEmbeddings? embeddings = null)
    {
        var row = new float[FeatureCatalogue.Default.Count];
        new FeatureExtractor(FeatureCatalogue.Default)
            .Fill(Request(state, at, embeddings), state, [new CandidateInput(at.Item, Position: at.Position)], row);
        return row;
    }

    public static FeatureRequest Request(FeatureState state, LogEvent at, IItemEmbeddings? embeddings = null) => FeatureRequest.Of(
        Users[at.User], state.FindUser(at.User), at.TimeMs, at.Device, at.Location, embeddings,
        userEmbedding: embeddings is null ? default : Vectors.Of(at.User + 100));

    public static float Value(float[] row, string name)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (FeatureCatalogue.Default.Names[i] == name) return row[i];
        }
        throw new ArgumentException($"No feature {name}.", nameof(name));
    }

    /// <summary>Fixed pseudo-random vectors; item 5 has none.</summary>
    public sealed class Vectors : IItemEmbeddings
    {
        public const int Length = 11;
        public int Dimension => Length;

        public bool TryGet(int item, out ReadOnlySpan<float> embedding)
        {
            embedding = item == 5 ? default : Of(item);
            return item != 5;
        }

        public static float[] Of(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, Length).Select(_ => (float)random.NextDouble() - 0.5f)];
        }
    }
}
