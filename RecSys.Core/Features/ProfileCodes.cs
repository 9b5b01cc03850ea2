using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Numbers for a profile's free attributes: the first 24 in ordinal order of their keys. A value that parses as a number is that number,
/// any other text is a hash bucket from
/// 1 to 199. Computed once per profile.
/// </summary>
internal sealed class ProfileCodes
{
    public const int Slots = 24;
    private readonly float[] values = new float[Slots];
    private readonly User? source;

    private ProfileCodes() => Array.Fill(values, float.NaN);

    public ProfileCodes(User user) : this()
    {
        source = user;
        var slot = 0;
        foreach (var (_, value) in user.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Take(Slots))
            values[slot++] = Code(value);
    }

    public static ProfileCodes None { get; } = new();
    public ReadOnlySpan<float> Values => values;

    public bool IsOf(User user) => ReferenceEquals(source, user);

    internal static float Code(string value)
    {
        if (string.IsNullOrWhiteSpace(value)) return float.NaN;
        return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : 1 + StableHash.Of(value) % 199;
    }
}
