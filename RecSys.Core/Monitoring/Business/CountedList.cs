namespace RecSys.Core.Monitoring.Business;

/// <summary>What has to be known of a served list to count what comes of it.</summary>
/// <param name="RequestId">The request that it answers.</param>
/// <param name="TimeMs">When it was answered, Unix milliseconds: everything counts in this hour.</param>
/// <param name="Variant">Row of <see cref="BreakDown.Variant"/>.</param>
/// <param name="Scenario">Row of <see cref="BreakDown.Scenario"/>.</param>
/// <param name="Segments">Rows of <see cref="BreakDown.Segment"/>.</param>
/// <param name="Personal">False for a list that is the same for many.</param>
/// <param name="Items">Numbers of the items by place.</param>
/// <param name="Sources">Bits of who proposed each.</param>
internal sealed record CountedList(
    string RequestId, long TimeMs, string Variant, string Scenario, IReadOnlyList<string> Segments, bool Personal, int[] Items,
    int[] Sources)
{
    /// <summary>True once an impression of it was reported: from then on reports count, not places.</summary>
    public bool IsReported { get; set; }
}
