using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.World;

/// <summary>The items of a world with what the click model knows of them and recommenders do not: tastes and quality.</summary>
internal sealed class WorldItems
{
    /// <summary>Length of taste vectors.</summary>
    public const int Tastes = 8;

    public required Item[] Items { get; init; }
    /// <summary>Items x <see cref="Tastes"/>, row-major, unit length.</summary>
    public required float[] Vectors { get; init; }
    public required float[] Quality { get; init; }
    public required int[] Categories { get; init; }
    /// <summary>Categories x <see cref="Tastes"/>, unit length.</summary>
    public required float[] CategoryVectors { get; init; }

    public ReadOnlySpan<float> Vector(int item) => Vectors.AsSpan(item * Tastes, Tastes);

    public static WorldItems Create(WorldOptions options, Random random)
    {
        var categories = WorldCategory.All;
        var centres = new float[categories.Count * Tastes];
        for (var c = 0; c < categories.Count; c++) Noise.Direction(centres.AsSpan(c * Tastes, Tastes), random);

        var items = new Item[options.Items];
        var vectors = new float[options.Items * Tastes];
        var quality = new float[options.Items];
        var codes = new int[options.Items];
        for (var i = 0; i < items.Length; i++)
        {
            // The square favours the first categories: real catalogues are uneven.
            var u = random.NextDouble();
            var code = (int)(categories.Count * (0.6 * u + 0.4 * u * u));
            codes[i] = code;
            Noise.Near(centres.AsSpan(code * Tastes, Tastes), 0.45, vectors.AsSpan(i * Tastes, Tastes), random);
            quality[i] = (float)(0.6 * Noise.Normal(random));
            items[i] = Make(i, code, options, random);
        }
        return new WorldItems { Items = items, Vectors = vectors, Quality = quality, Categories = codes, CategoryVectors = centres };
    }

    private static Item Make(int number, int code, WorldOptions options, Random random)
    {
        var category = WorldCategory.All[code];
        var second = WorldCategory.All[random.Next(WorldCategory.All.Count)].Name;
        var id = "v_" + number.ToString(CultureInfo.InvariantCulture);
        var noun = category.Nouns[random.Next(category.Nouns.Length)];
        var ageDays = random.NextDouble() < 0.05 ? random.NextDouble() * 3 : random.NextDouble() * 365;
        // Ages are counted from the end of the history, so that the newest items appear while it runs.
        var created = options.Start.AddDays(options.Days - ageDays);
        return new Item
        {
            Id = id,
            Title = $"{WorldCategory.Adjectives[random.Next(WorldCategory.Adjectives.Length)]} {noun} "
                + $"{WorldCategory.Endings[random.Next(WorldCategory.Endings.Length)]}",
            Category = category.Name,
            Tags = second == category.Name ? [] : [second],
            Creator = $"{category.Name}-studio-{(int)(60 * Math.Pow(random.NextDouble(), 2))}",
            Price = category.Price > 0 ? Math.Round(category.Price * Math.Exp(0.6 * Noise.Normal(random)), 2) : null,
            DurationSeconds = category.Minutes > 0 ? Math.Round(60 * category.Minutes * Math.Exp(0.5 * Noise.Normal(random))) : null,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(created.ToUnixTimeMilliseconds()),
            ThumbnailUrl = $"https://cdn.example.com/thumb/{id}.jpg",
            Available = random.NextDouble() >= 0.01,
            Flagged = random.NextDouble() < 0.003,
            Description = $"{noun} for everyone who likes {category.Name} and {second}.",
        };
    }
}
