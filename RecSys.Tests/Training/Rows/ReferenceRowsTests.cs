using System.Numerics.Tensors;
using RecSys.Api.Commands.Bench;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;
using RecSys.Core.Training;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Rows;

[Collection(TorchCollection.Name)]
public sealed class ReferenceRowsTests
{
    private const int Candidates = 200;

    private static readonly TrainingOptions Options = new()
    {
        TowerShare = 0.5,
        NeighbourShare = 0,
        ValidationShare = 0.3,
        Candidates = Candidates,
        Towers = new TwoTowerOptions { Dimension = 32, Hidden = 32, MaxEpochs = 2 },
        Ranker = new LightGbmOptions { NumTrees = 30, MinDataInLeaf = 20 },
    };

    [Fact]
    public void Build_RequestsOfAWorld_IsDistributedAsWhatIsServedThere()
    {
        var log = ReplayBench.Simulate(new WorldOptions { Items = 400, Users = 400, Days = 4, SessionsPerUserPerDay = 3 });
        using var model = TwoStageTraining.Fit(log, Options, FeatureCatalogue.Default, null, TestContext.Current.CancellationToken);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var requests = ReferenceRows.Requests(log, log.Events[model.Requests[0]].TimeMs, int.MaxValue);

        // One half of the requests makes the reference, the other half is served; by chance, since every second one is a session's second.
        var random = new Random(3);
        var halves = requests.ToLookup(_ => random.Next(2) == 0);
        var half = model with { Requests = [.. halves[true]] };
        var built = ReferenceRows.Build(log, half, extractor, Candidates, progress: null, TestContext.Current.CancellationToken);
        var reference = Histograms(built.Rows);
        var served = Histograms(Serve(log, model, extractor, [.. halves[false]]));
        var training = Histograms(model.Rows.Values);

        Assert.True(reference.Rows > 15_000, $"{reference.Rows} rows");
        Assert.All(FeatureCatalogue.Default.Names,
            name => Assert.True(Psi(reference.Features[name], served.Features[name]) < 0.1,
            $"{name}: {Psi(reference.Features[name], served.Features[name])}"));
        // What training rows would have said.
        Assert.All((string[])["position", "retrieval_rank", "retrieval_score"],
            name => Assert.True(Psi(training.Features[name], served.Features[name]) > 0.25, name));
    }

    [Fact]
    public void Requests_ListsOfALog_AreTheirFirstImpressions()
    {
        LogEvent[] events = [Shown(0, 1), Shown(0, 1), Shown(5, 1), Shown(5, 2), new LogEvent(6, 1, 0, EventType.Click), Shown(7, 1),
            Shown(7, 1), Shown(9, 2)];
        var log = Features.FeatureLogs.Log(events);

        Assert.Equal([2, 3, 5, 7], ReferenceRows.Requests(log, 1, 10));
        Assert.Equal([2, 5], ReferenceRows.Requests(log, 1, 2));

        static LogEvent Shown(long at, int user) => new(at, user, 0, EventType.Impression);
    }

    // Serving in its plainest form: fold what happened, compare the user with every item neither consumed nor shown within a week, keep the
    // nearest, rank them, show a page.
    private static float[] Serve(InteractionLog log, TwoStageModel model, FeatureExtractor extractor, HashSet<int> requests)
    {
        var width = extractor.Catalogue.Count;
        var state = new FeatureState(log.Items);
        var consumed = new HashSet<(int User, int Item)>();
        var shown = new Dictionary<(int User, int Item), long>();
        var embedding = new float[model.View.Dimension];
        var rows = new List<float>();
        for (var i = 0; i < log.Events.Length; i++)
        {
            var e = log.Events[i];
            if (requests.Contains(i))
            {
                model.View.Embed(e.User, state.FindUser(e.User), e.Device, e.Location, embedding);
                Answer(e);
            }
            state.Apply(in e);
            if (e.Type.IsPositive()) consumed.Add((e.User, e.Item));
            if (e.IsImpression) shown[(e.User, e.Item)] = e.TimeMs;
        }
        return [.. rows];

        void Answer(LogEvent e)
        {
            var nearest = Enumerable.Range(0, log.Items.Count).Where(item => !consumed.Contains((e.User, item)) && !WasShown(e, item))
                .Select(item =>
                    (Item: item, Score: TensorPrimitives.Dot(embedding,
                    model.Towers.ItemEmbeddings.AsSpan(item * embedding.Length, embedding.Length))))
                .OrderByDescending(entry => entry.Score).Take(Candidates)
                    .Select((entry, rank) => new CandidateInput(entry.Item, entry.Score, rank)).ToArray();
            var matrix = new float[nearest.Length * width];
            extractor.Fill(
                FeatureRequest.Of(log.Users[e.User], state.FindUser(e.User), e.TimeMs, e.Device, e.Location, model.View, embedding), state,
                nearest, matrix);
            var scores = new double[nearest.Length];
            model.Ranker.Forest.Score(matrix, nearest.Length, scores);
            foreach (var at in Enumerable.Range(0, nearest.Length).OrderByDescending(at => scores[at]).Take(ReferenceRows.RowsPerRequest))
                rows.AddRange(matrix[(at * width)..((at + 1) * width)]);
        }

        bool WasShown(LogEvent e, int item) =>
            shown.TryGetValue((e.User, item), out var at) && e.TimeMs - at <= TimeSpan.FromDays(7).TotalMilliseconds;
    }

    private static DriftReference Histograms(ReadOnlySpan<float> rows) =>
        new(rows.Length / FeatureCatalogue.Default.Count, FeatureReference.Histograms(rows, FeatureCatalogue.Default));

    // Population stability index: sum of (p - q) ln(p / q) over the bins, missing values being one.
    private static double Psi(FeatureHistogram expected, FeatureHistogram actual)
    {
        var (p, q) = (Shares(expected), Shares(actual));
        return p.Zip(q, (a, b) => (a - b) * Math.Log(a / b)).Sum();

        static double[] Shares(FeatureHistogram histogram)
        {
            var counts = histogram.Counts.Append(histogram.Missing).ToArray();
            return [.. counts.Select(count => Math.Max(count / (double)counts.Sum(), 1e-4))];
        }
    }
}
