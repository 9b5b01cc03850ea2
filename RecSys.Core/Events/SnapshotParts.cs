using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>Parts that every state snapshot has, those of earlier versions but for the rules; each fold adds one of its own.</summary>
internal static class SnapshotParts
{
    public const string Catalog = "catalogue";
    public const string Features = "features";
    public const string Clock = "clock";
    public const string Users = "users";

    /// <summary>Earlier snapshots have none: there were no rules.</summary>
    public const string Rules = "rules";

    /// <summary>Version of the form of item and overall counters.</summary>
    public const int FeatureVersion = SnapshotFormat.Version << 16 | SnapshotFormat.ItemVersion << 8 | SnapshotFormat.WholeVersion;
}
