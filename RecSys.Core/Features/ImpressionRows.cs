using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>Training rows from logged impressions, in log order.</summary>
/// <param name="Matrix"><see cref="Count"/> x <paramref name="Features"/>, row-major, computed before the impression was applied.</param>
/// <param name="Labels">1 when the impression was answered within the window, else 0.</param>
/// <param name="EventIndexes">Index of each row's impression in the log.</param>
/// <param name="Features">Columns of the matrix.</param>
public sealed record ImpressionRows(float[] Matrix, float[] Labels, int[] EventIndexes, int Features)
{
    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>Replays the whole log into <paramref name="state"/> and computes a row for each impression in [<paramref name="fromMs"/>, <paramref name="toMs"/>).</summary>
    /// <param name="log">Events in time order; those before <paramref name="fromMs"/> only warm the state.</param>
    /// <param name="state">State to continue from, usually a new one.</param>
    /// <param name="extractor">Fixes the columns.</param>
    /// <param name="fromMs">First moment, Unix milliseconds.</param>
    /// <param name="toMs">End, exclusive.</param>
    /// <param name="labels">From <see cref="ImpressionLabels.Of"/>; null computes them with their defaults.</param>
    /// <param name="prepare">Completes the request of one event (embeddings of an earlier model) and gives its candidate; null uses the log alone.</param>
    /// <param name="ct">Looked at between moments of the log.</param>
    /// <exception cref="RecSysException">The rows do not fit into one array.</exception>
    public static ImpressionRows Build(
        InteractionLog log,
        FeatureState state,
        FeatureExtractor extractor,
        long fromMs,
        long toMs,
        float[]? labels = null,
        Func<int, FeatureRequest, CandidateInput>? prepare = null,
        CancellationToken ct = default)
    {
        var width = extractor.Catalogue.Count;
        var count = 0;
        foreach (ref readonly var e in log.Events) count += Chosen(e) ? 1 : 0;
        if ((long)count * width > Array.MaxLength)
            throw new RecSysException($"{count} impressions x {width} features do not fit into one array; choose a shorter window or at most {Array.MaxLength / width} impressions.");

        labels ??= ImpressionLabels.Of(log);
        var rows = new ImpressionRows(new float[count * width], new float[count], new int[count], width);
        var nobody = new UserState();
        var request = new FeatureRequest { State = nobody };
        var candidate = new CandidateInput[1];
        var row = 0;
        Replay.Run(log, state, Chosen, (index, before) =>
        {
            ref readonly var e = ref log.Events[index];
            request.State = before.FindUser(e.User) ?? nobody;
            request.Profile = log.Users[e.User];
            (request.NowMs, request.Device, request.Location) = (e.TimeMs, e.Device, e.Location);
            candidate[0] = prepare?.Invoke(index, request) ?? new CandidateInput(e.Item, Position: e.Position);
            extractor.Fill(request, before, candidate, rows.Matrix.AsSpan(row * width, width));
            (rows.Labels[row], rows.EventIndexes[row]) = (labels[index], index);
            row++;
        }, ct);
        return rows;

        bool Chosen(LogEvent e) => e.Type == EventType.Impression && e.TimeMs >= fromMs && e.TimeMs < toMs;
    }
}
