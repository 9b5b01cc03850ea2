namespace RecSys.Core.Training.Nightly.Files;

/// <summary>One list of the rows.</summary>
/// <param name="Start">Its first row.</param>
/// <param name="Part">Train, validation or test, see <see cref="SplitFile"/>.</param>
/// <param name="TimeMs">Its moment, Unix milliseconds.</param>
/// <param name="Events">Index in the collected log of each row's event.</param>
/// <param name="Known">Label of each row.</param>
internal sealed record RowList(int Start, string Part, long TimeMs, List<int> Events, List<float> Known)
{
    /// <summary>Labels by index in the log; NaN for events that are in none of the lists.</summary>
    public static float[] Labels(IEnumerable<RowList> lists, int events)
    {
        var labels = new float[events];
        Array.Fill(labels, float.NaN);
        foreach (var list in lists)
        {
            for (var i = 0; i < list.Events.Count; i++) labels[list.Events[i]] = list.Known[i];
        }
        return labels;
    }
}
