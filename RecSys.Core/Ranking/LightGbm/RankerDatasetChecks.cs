using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Refuses input that LightGBM would crash on, hang on, or silently learn nonsense from.</summary>
internal static class RankerDatasetChecks
{
    private const int MaxGrade = 30;
    // LightGBM's limit on the rows of one list for ranking objectives.
    private const int MaxGroup = 10_000;

    /// <exception cref="ArgumentException">A name is missing, repeated or unusable, or a categorical index is out of range.</exception>
    public static void Names(IReadOnlyList<string> names, IReadOnlyList<int> categorical, int features)
    {
        if (names.Count != features)
            throw new ArgumentException($"There are {names.Count} feature names for {features} features; give one name per feature.",
                nameof(names));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            // White space separates names in the model text; LightGBM refuses JSON's special characters.
            if (string.IsNullOrEmpty(name)
                || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || "\",:[]{}".Contains(c, StringComparison.Ordinal)))
                throw new ArgumentException($"The feature name '{name}' is unusable; use letters, digits, '_', '-' and '.'.",
                    nameof(names));
            if (!seen.Add(name))
                throw new ArgumentException($"The feature name '{name}' is given twice; names must be distinct.", nameof(names));
        }
        foreach (var at in categorical)
        {
            if (at < 0 || at >= features)
                throw new ArgumentException($"The categorical feature index {at} is outside 0 to {features - 1}.", nameof(categorical));
        }
    }

    /// <exception cref="ArgumentException">Array sizes do not match the row count.</exception>
    /// <exception cref="RecSysException">The rows cannot be learnt from or validated on.</exception>
    public static void Rows(RankerDataset rows, string what, IReadOnlyList<string> names, LightGbmOptions options)
    {
        if (rows.Rows <= 0) throw new RecSysException($"The {what} set has no rows; widen the time window or check the import.");
        if (rows.Features <= 0) throw new RecSysException($"The {what} set has no features.");
        Length(rows.Values.Length, (long)rows.Rows * rows.Features, "values", what);
        Length(rows.Labels.Length, rows.Rows, "labels", what);
        if (rows.Weights is not null) Length(rows.Weights.Length, rows.Rows, "weights", what);
        if (rows.Positions is not null) Length(rows.Positions.Length, rows.Rows, "positions", what);
        if (rows.Features != names.Count)
            throw new ArgumentException($"The {what} set has {rows.Features} features, but {names.Count} are named.", nameof(rows));

        if (rows.Weights is { } weights && weights.AsSpan().IndexOfAnyExceptInRange(0f, float.MaxValue) is var bad && bad >= 0)
            throw new RecSysException($"Row {bad} of the {what} set has the weight {weights[bad]}; weights are finite and not negative.");
        if (rows.Positions is { } positions && positions.AsSpan().IndexOfAnyInRange(int.MinValue, -1) is var at && at >= 0)
            throw new RecSysException($"Row {at} of the {what} set has the position {positions[at]}; positions count from 0.");
        if (options.Objective == "binary") Binary(rows, what);
        else if (options.Objective == "lambdarank") Grades(rows, what);
        else
            throw new RecSysException($"The objective '{options.Objective}' is unknown; Training:Ranker:Objective must be binary or "
                + "lambdarank.");
    }

    private static void Binary(RankerDataset rows, string what)
    {
        var positives = 0;
        for (var i = 0; i < rows.Rows; i++)
        {
            if (rows.Labels[i] is not (0f or 1f))
                throw new RecSysException($"Row {i} of the {what} set has the label {rows.Labels[i]}; binary labels are 0 or 1.");
            if (rows.Labels[i] == 1f) positives++;
        }
        if (positives == 0)
            throw new RecSysException($"The {what} set of {rows.Rows} rows has no positive label, so there is nothing to tell apart; it "
                + "needs clicks as well as impressions.");
        if (positives == rows.Rows)
            throw new RecSysException($"All {rows.Rows} rows of the {what} set are positive, so there is nothing to tell apart; it needs "
                + "impressions without a click as well.");
    }

    private static void Grades(RankerDataset rows, string what)
    {
        if (rows.GroupSizes is not { Length: > 0 } groups)
            throw new RecSysException($"The {what} set has no group sizes; lambdarank needs the number of rows of every list.");
        var sum = 0L;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] is < 1 or > MaxGroup)
                throw new RecSysException($"List {i} of the {what} set has {groups[i]} rows; lambdarank takes 1 to {MaxGroup}.");
            sum += groups[i];
        }
        Length((int)Math.Min(sum, int.MaxValue), rows.Rows, "rows in all lists together", what);
        var allZero = true;
        for (var i = 0; i < rows.Rows; i++)
        {
            var label = rows.Labels[i];
            if (!(label >= 0 && label <= MaxGrade) || label != MathF.Floor(label))
                throw new RecSysException($"Row {i} of the {what} set has the label {label}; lambdarank grades are whole numbers from 0 "
                    + $"to {MaxGrade}.");
            allZero &= label == 0;
        }
        if (allZero) throw new RecSysException($"The {what} set of {rows.Rows} rows has no label above 0, so there is nothing to rank by.");
    }

    private static void Length(int actual, long expected, string field, string what)
    {
        if (actual != expected) throw new ArgumentException($"The {what} set has {actual} {field}, but needs {expected}.", nameof(actual));
    }
}
