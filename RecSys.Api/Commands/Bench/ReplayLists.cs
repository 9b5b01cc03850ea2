using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Api.Commands.Bench;

/// <summary>The served lists of a log, to run the parts of a replay on each without the rest.</summary>
internal sealed class ReplayLists
{
    private readonly InteractionLog log;
    private readonly List<(LogEvent Head, CandidateInput[] Items)> lists = [];
    private float[] matrix = [];
    private float[] embedding = [];

    private ReplayLists(InteractionLog log) => this.log = log;

    public int Count => lists.Count;
    public int Rows { get; private set; }

    /// <summary>The latest impressions, grouped by user, moment and context.</summary>
    public static ReplayLists Of(InteractionLog log, int mostRows)
    {
        var found = new ReplayLists(log);
        var shown = log.Events.ToArray().Where(e => e.User >= 0 && e.IsImpression).TakeLast(mostRows);
        foreach (var list in shown.GroupBy(e => (e.TimeMs, e.User, e.Device, e.Location)))
        {
            found.lists.Add((list.First(), [.. list.Select(e => new CandidateInput(e.Item, 0.5f, -1, e.Position))]));
            found.Rows += found.lists[^1].Items.Length;
        }
        return found;
    }

    /// <summary>One user embedding per list.</summary>
    public void Embed(TowerView towers, FeatureState state)
    {
        if (embedding.Length != towers.Dimension) embedding = new float[towers.Dimension];
        foreach (var (head, _) in lists) towers.Embed(head.User, state.FindUser(head.User), head.Device, head.Location, embedding);
    }

    /// <summary>The features of every list, all as of the same state.</summary>
    public void Fill(FeatureExtractor extractor, TowerView towers, FeatureState state)
    {
        foreach (var (head, items) in lists)
        {
            if (matrix.Length < items.Length * extractor.Catalogue.Count) matrix = new float[items.Length * extractor.Catalogue.Count];
            var request = FeatureRequest.Of(log.Users[head.User], state.FindUser(head.User), head.TimeMs, head.Device, head.Location,
                towers, embedding);
            extractor.Fill(request, state, items, matrix);
        }
    }
}
