namespace RecSys.Core.Monitoring.Drift;

/// <summary>Says what to do.</summary>
internal static class DriftAdvice
{
    private const int MostNames = 3;

    public static string Of(DriftStatus status, int lists, IReadOnlyList<string> responsible) => status switch
    {
        DriftStatus.NoReference =>
            "The champion's bundle does not say what lists looked like when it was made. Train a new version; until then drift is unknown.",
        DriftStatus.TooFew =>
            $"{lists} lists of the champion were looked at; {DriftLevels.MinLists} are needed to tell drift from chance. Wait, or "
            + "look at a longer window.",
        DriftStatus.Watch => $"Look at {Names(responsible)}: it moved, though not far. The next night learns from it.",
        DriftStatus.Drift =>
            $"Retrain (recsys train nightly): {Names(responsible)} moved away from what the champion was made for. Look first whether an "
            + "app or a catalogue feed changed what it sends.",
        _ => "Nothing to do: what is served looks as it did when the champion was made.",
    };

    private static string Names(IReadOnlyList<string> responsible) => string.Join(", ", responsible.Take(MostNames))
        + (responsible.Count > MostNames ? $" and {responsible.Count - MostNames} more" : "");
}
