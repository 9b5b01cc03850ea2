namespace RecSys.Core.Recommendations.Sources;

/// <summary>By which trait a <see cref="Segment"/> groups.</summary>
internal enum SegmentKind
{
    /// <summary>Age band and gender together.</summary>
    AgeAndGender,

    /// <summary>Location code of the event or request.</summary>
    Location,

    /// <summary>Below 18, to 24, to 34, to 44, to 54, above.</summary>
    Age,

    Gender,

    /// <summary>Device code of the event or request.</summary>
    Device,
}
