namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>The ten best items of one sampled request by champion and challenger, titles; nobody is named.</summary>
/// <param name="Before">Of the champion; empty without one.</param>
/// <param name="After">Of the challenger.</param>
internal sealed record TopListChange(IReadOnlyList<string> Before, IReadOnlyList<string> After)
{
    /// <summary>Items that are in the new list alone.</summary>
    public int New => After.Except(Before, StringComparer.Ordinal).Count();
}
