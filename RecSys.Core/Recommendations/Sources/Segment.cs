using RecSys.Core.Domain;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>A group of events by one trait of the user or the request.</summary>
internal readonly record struct Segment(SegmentKind Kind, ulong Code)
{
    private static readonly int[] AgeBands = [18, 25, 35, 45, 55];

    /// <summary>The segments that somebody belongs to, narrowest first; what is unknown makes no segment.</summary>
    /// <param name="profile">The stored profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="into">At least <see cref="Most"/> long.</param>
    /// <returns>How many there are.</returns>
    public static int Of(User? profile, byte device, byte location, Span<Segment> into)
    {
        var count = 0;
        ulong? gender = string.IsNullOrEmpty(profile?.Gender) ? null : StableHash.Of(profile.Gender);
        ulong? age = profile?.Age is { } years ? (ulong)AgeBands.Count(bound => years >= bound) : null;
        if (gender is not null && age is not null) into[count++] = new(SegmentKind.AgeAndGender, gender.Value * 31 + age.Value);
        if (location != 0) into[count++] = new(SegmentKind.Location, location);
        if (age is not null) into[count++] = new(SegmentKind.Age, age.Value);
        if (gender is not null) into[count++] = new(SegmentKind.Gender, gender.Value);
        if (device != 0) into[count++] = new(SegmentKind.Device, device);
        return count;
    }

    public const int Most = 5;
}
