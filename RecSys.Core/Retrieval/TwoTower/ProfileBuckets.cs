using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Turns what is known about a user and the request into rows of the user tower's profile table. Hashing is stable,
/// so training and serving agree without a vocabulary; two values may share a row.
/// </summary>
public static class ProfileBuckets
{
    /// <summary>Most buckets that <see cref="Fill"/> writes; attributes beyond that are left out.</summary>
    public const int Max = 24;

    /// <summary>Rows of the profile table.</summary>
    public const int TableRows = 2048;

    private const int AgeBand = 5;

    /// <summary>
    /// Writes a bucket for each of gender, age band (5 years), location, every attribute, device and request location that is known.
    /// </summary>
    /// <param name="user">Null for somebody unknown.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>, 0 unknown.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>, 0 unknown.</param>
    /// <param name="buckets">Room for <see cref="Max"/>.</param>
    /// <returns>How many were written.</returns>
    public static int Fill(User? user, byte device, byte location, Span<int> buckets)
    {
        if (buckets.Length < Max) throw new ArgumentException($"Room for {Max} buckets is needed.", nameof(buckets));
        var count = 0;
        if (user is not null)
        {
            if (!string.IsNullOrEmpty(user.Gender)) buckets[count++] = Bucket("gender", user.Gender);
            if (user.Age is { } age) buckets[count++] = Bucket("age", age / AgeBand);
            if (!string.IsNullOrEmpty(user.Location)) buckets[count++] = Bucket("location", user.Location);
            foreach (var (name, value) in user.Attributes)
            {
                if (count == Max - 2) break;
                buckets[count++] = Bucket(name, value, seed: 2);
            }
        }
        if (device != 0) buckets[count++] = Bucket("device", device);
        if (location != 0) buckets[count++] = Bucket("at", location);
        return count;
    }

    // The field's hash seeds the value's hash: equal values of different fields are independent, and nothing is allocated.
    private static int Bucket(ReadOnlySpan<char> field, ReadOnlySpan<char> value, ulong seed = 1) =>
        (int)(StableHash.Of(value, StableHash.Of(field, seed)) % TableRows);

    private static int Bucket(ReadOnlySpan<char> field, int value)
    {
        Span<char> text = stackalloc char[11];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return Bucket(field, text[..length]);
    }
}
