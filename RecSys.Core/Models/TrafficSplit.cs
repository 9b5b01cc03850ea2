using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>
/// Who gets which variant: immutable data, and a pure function of it and the subject's id, so that replicas and restarts agree without
/// asking each other.
/// </summary>
/// <remarks>
/// A subject's hash, salted with the experiment's id, gives one of 10,000 buckets. The first arm is the control and has the upper buckets;
/// the others, the challengers, share the lower ones, each in proportion to its share, by a second number from the same hash. Raising the
/// challengers' shares therefore only moves subjects from the control to a challenger, never back; and as long as the challengers keep
/// their proportion to each other, none moves between them either. Another experiment id shuffles everybody anew.
/// </remarks>
public sealed class TrafficSplit
{
    /// <summary>What the shares add up to.</summary>
    public const int Buckets = 10_000;

    private const int MaxArms = 16;

    private readonly Assignment[] assignments;
    private readonly int[] uppers;
    private readonly int challenged;
    private readonly ulong salt;

    /// <param name="experiment">A name by <see cref="BundleName.Rule"/>, new for each experiment.</param>
    /// <param name="arms">The control first; shares of 0 are allowed, all together are 10,000.</param>
    /// <exception cref="RecSysException">Names, shares or number of arms are not as described.</exception>
    public TrafficSplit(string experiment, IReadOnlyList<TrafficArm> arms)
    {
        Check(experiment, arms);
        Experiment = experiment;
        Arms = [.. arms];
        salt = StableHash.Of(experiment);
        assignments = [.. arms.Select(arm => new Assignment(experiment, arm.Variant, arm.ModelVersion, arm.PolicyHash))];
        challenged = Buckets - arms[0].Share;
        uppers = new int[arms.Count];
        for (var (arm, sum) = (1, 0); arm < uppers.Length; arm++)
        {
            sum += arms[arm].Share;
            uppers[arm] = challenged == 0 ? 0 : (int)((long)sum * Buckets / challenged);
        }
    }

    public string Experiment { get; }

    /// <summary>The control first.</summary>
    public IReadOnlyList<TrafficArm> Arms { get; }

    /// <summary>No rollout: everybody gets the version, in no experiment.</summary>
    public static TrafficSplit Everybody(string version, string policyHash) =>
        new(Assignment.NoExperiment, [new TrafficArm(Assignment.Control, version, policyHash, Buckets)]);

    /// <summary>The subject's arm. Allocates nothing.</summary>
    /// <param name="subject">A user's id, or an anonymous one: whatever stays the same from request to request.</param>
    public Assignment Assign(ReadOnlySpan<char> subject)
    {
        if (assignments.Length == 1) return assignments[0];
        var hash = StableHash.Of(subject, salt);
        if ((int)(hash % Buckets) >= challenged) return assignments[0];
        var place = (int)(hash / Buckets % Buckets);
        var arm = 1;
        while (place >= uppers[arm]) arm++;
        return assignments[arm];
    }

    /// <summary>True when an arm names the version, whatever its share.</summary>
    public bool Uses(string version) => Arms.Any(arm => arm.ModelVersion == version);

    private static void Check(string experiment, IReadOnlyList<TrafficArm> arms)
    {
        if (!BundleName.IsValid(experiment)) throw Bad($"has an experiment id that is not allowed; ids match {BundleName.Rule}");
        if (arms.Count is < 1 or > MaxArms) throw Bad($"has {arms.Count} arms, allowed are 1 to {MaxArms}");
        foreach (var arm in arms)
        {
            if (!BundleName.IsValid(arm.Variant)) throw Bad($"has a variant whose name is not allowed; names match {BundleName.Rule}");
            if (!BundleName.IsValid(arm.ModelVersion)) throw Bad($"has no valid model version for {arm.Variant}");
            if (string.IsNullOrEmpty(arm.PolicyHash)) throw Bad($"has no policy for {arm.Variant}");
            if (arm.Share is < 0 or > Buckets) throw Bad($"gives {arm.Variant} {arm.Share} of {Buckets}");
        }
        if (arms.DistinctBy(arm => arm.Variant, StringComparer.Ordinal).Count() != arms.Count) throw Bad("repeats a variant");
        if (arms.Sum(arm => arm.Share) is var sum && sum != Buckets) throw Bad($"hands out {sum} of {Buckets}");
    }

    private static RecSysException Bad(string what) => new($"The traffic split {what}. Correct it; the one in use stays.");
}
