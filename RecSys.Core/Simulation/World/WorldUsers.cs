using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.World;

/// <summary>The users of a world with their hidden tastes and habits.</summary>
internal sealed class WorldUsers
{
    private static readonly string[] Places = ["SF", "NYC", "London", "Berlin", "Paris", "Tokyo", "Madrid", "Sydney", "Toronto", "Mumbai",
        "Oslo", "Lima"];
    private static readonly string[] DeviceNames = ["mobile", "mobile", "mobile", "desktop", "desktop", "tablet", "tv", "web"];
    private static readonly string[] Occupations = ["student", "engineer", "teacher", "nurse", "artist", "retired", "manager", "cook"];

    public required User[] Users { get; init; }
    /// <summary>Users x <see cref="WorldItems.Tastes"/>, unit length.</summary>
    public required float[] Vectors { get; init; }
    /// <summary>Sessions per day relative to the mean user, heavy-tailed.</summary>
    public required double[] Activity { get; init; }
    /// <summary>How readily the user clicks: added to the log odds.</summary>
    public required float[] Readiness { get; init; }
    /// <summary>The device of five sessions in six; the others are on a phone.</summary>
    public required string[] MainDevice { get; init; }
    /// <summary>Hour of the day, UTC, around which the user comes.</summary>
    public required int[] UsualHour { get; init; }
    /// <summary>Categories next to the taste, best first.</summary>
    public required int[][] Favourites { get; init; }

    public ReadOnlySpan<float> Vector(int user) => Vectors.AsSpan(user * WorldItems.Tastes, WorldItems.Tastes);

    public static WorldUsers Create(WorldOptions options, WorldItems items, Random random)
    {
        var count = options.Users;
        var users = new User[count];
        var vectors = new float[count * WorldItems.Tastes];
        var activity = new double[count];
        var readiness = new float[count];
        var devices = new string[count];
        var hours = new int[count];
        var favourites = new int[count][];
        for (var u = 0; u < count; u++)
        {
            var taste = vectors.AsSpan(u * WorldItems.Tastes, WorldItems.Tastes);
            var centre = random.Next(WorldCategory.All.Count) * WorldItems.Tastes;
            Noise.Near(items.CategoryVectors.AsSpan(centre, WorldItems.Tastes), 0.5, taste, random);
            // exp(s z - s^2 / 2) has mean 1; s = 1.1 gives the top tenth of users about half of the sessions.
            activity[u] = Math.Exp(1.1 * Noise.Normal(random) - 1.1 * 1.1 / 2);
            readiness[u] = (float)(0.5 * Noise.Normal(random));
            devices[u] = DeviceNames[random.Next(DeviceNames.Length)];
            hours[u] = (int)(18 + 4 * Noise.Normal(random) + 48) % 24;
            favourites[u] = Nearest(taste, items.CategoryVectors);
            users[u] = Make(u, options, random);
        }
        return new WorldUsers
        {
            Users = users, Vectors = vectors, Activity = activity, Readiness = readiness, MainDevice = devices, UsualHour = hours,
                Favourites = favourites,
        };
    }

    private static User Make(int number, WorldOptions options, Random random) => new()
    {
        Id = "user_" + number.ToString("D5", CultureInfo.InvariantCulture),
        Gender = random.NextDouble() switch { < 0.48 => "female", < 0.96 => "male", _ => "other" },
        Age = Math.Clamp((int)(34 + 12 * Noise.Normal(random)), 13, 90),
        Location = Places[(int)(Places.Length * Math.Pow(random.NextDouble(), 1.5))],
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(options.Start.AddDays(-random.NextDouble() * 700).ToUnixTimeMilliseconds()),
        Attributes = new Dictionary<string, string> { ["occupation"] = Occupations[random.Next(Occupations.Length)] },
    };

    private static int[] Nearest(ReadOnlySpan<float> taste, ReadOnlySpan<float> centres)
    {
        var scored = new (float Cosine, int Category)[centres.Length / WorldItems.Tastes];
        for (var c = 0; c < scored.Length; c++)
        {
            var dot = 0f;
            for (var i = 0; i < taste.Length; i++) dot += taste[i] * centres[c * WorldItems.Tastes + i];
            scored[c] = (-dot, c);
        }
        Array.Sort(scored);
        return [.. scored.Take(4).Select(entry => entry.Category)];
    }
}
