using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Measures what is best for users without a positive event: all events of a share of the users are hidden from training, and each one's
/// first choices are ranked among all items by the profile alone, in several ways and as a server with the very bundle lists them. One half
/// of these users is for choosing between the ways, the other for the figures. Where the log says what was shown, the same is asked of
/// users of whom only what they passed over is known (<see cref="PassedOver"/>).
/// </summary>
public static class NewUserEvaluation
{
    public const string Protocol = "new-users";

    private static readonly float[] Weights = [0.25f, 0.5f, 1];

    // Added to shares, so that what nobody chose yet is far behind and not infinitely far.
    private const float Floor = 1e-7f;

    private static readonly float[] Pushes = [-0.5f, -0.25f, 0.1f, 0.25f, 0.5f];

    /// <param name="log">Events, users and items.</param>
    /// <param name="options">Settings of the training run.</param>
    /// <param name="serve">Starts a server on what was trained.</param>
    /// <param name="share">Share of the users with positive events to hide.</param>
    /// <param name="firsts">First choices per user, each ranked without the others.</param>
    /// <param name="progress">Told what is being done; may be null.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="RecSysException">Too few users have positive events.</exception>
    public static async Task<NewUserReport> RunAsync(
        InteractionLog log, TrainingOptions options, StartServing serve, double share = 0.1, int firsts = 5,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        log = log.WithUsersMerged().InTimeOrder();
        var choices = FirstChoices(log, firsts);
        var users = Enumerable.Range(0, choices.Length).Where(user => choices[user] is not null).ToArray();
        new Random(options.Seed).Shuffle(users);
        var hidden = users[..(int)(users.Length * share)];
        if (hidden.Length < 2)
            throw new RecSysException("Too few users have positive events, so nothing can be measured. Use a larger log.");
        var isHidden = new bool[log.Users.Count];
        foreach (var user in hidden) isHidden[user] = true;
        var known = log.Where(e => e.User < 0 || !isHidden[e.User]);

        var folder = Directory.CreateTempSubdirectory("recsys-new-users-");
        try
        {
            await using var database = await Databases.OpenAsync(folder.FullName, cancellationToken);
            var registry = new ModelRegistry(Path.Combine(folder.FullName, "models"), database.Models);
            var trained = await new TrainingPipeline(new LogInMemory(known), registry, FeatureCatalogue.Default, TimeProvider.System)
                .RunAsync(options, from: null, progress, cancellationToken);
            using var bundle = await ModelBundle.LoadAsync(
                registry.FolderOf(trained.Manifest.Version), FeatureCatalogue.Default, options.Retrieval, cancellationToken);
            var (validation, test) = (hidden[..(hidden.Length / 2)], hidden[(hidden.Length / 2)..]);
            await using var server = await serve(folder.FullName, known, cancellationToken);
            var rows = Rows(known, choices, bundle, validation, test, cancellationToken);
            var union = new ServedUnionTally(SegmentPopularity.Fit(known, bySegment: false), known.Items.Count);
            rows.AddRange(await ServedAsync(server, known, choices, validation, test, union, cancellationToken));
            return new NewUserReport(test.Length, test.Sum(user => choices[user]!.Count), rows)
            {
                Union = union.ToReport(),
                PassedOver = RowsOfPassedOver(log, known, isHidden, bundle, validation, cancellationToken),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<NewUserRow> Rows(
        InteractionLog known, List<int>?[] choices, ModelBundle bundle, int[] validation, int[] test,
        CancellationToken cancellationToken)
    {
        var tower = new ProfileTower(bundle, known.Users);
        var sharpness = 1 / float.Parse(bundle.Manifest.Options[BundleManifest.TemperatureOption], CultureInfo.InvariantCulture);
        IRecommender[] ways =
        [
            .. Priors(known), tower,
            .. Priors(known).SelectMany(
                prior => Weights.Select(weight => new Blend(tower, prior, sharpness, weight))),
        ];
        var rows = new List<NewUserRow>();
        foreach (var way in ways)
        {
            var (judged, measured) = (new RankTally(), new RankTally());
            var scores = new float[known.Items.Count];
            foreach (var (users, tally) in ((int[], RankTally)[])[(validation, judged), (test, measured)])
            {
                foreach (var user in users)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    way.Score(new RankingQuery(user, []), scores);
                    foreach (var item in choices[user]!) tally.Add(FullRanking.RankOf(scores, item, []));
                }
            }
            rows.Add(measured.ToRow(way.Name, judged));
        }
        return rows;
    }

    // The order is the server's own, rules that make a list varied or fresh included; then what its scores are worth beside a prior.
    private static async Task<IEnumerable<NewUserRow>> ServedAsync(
        IServedLists server, InteractionLog known, List<int>?[] choices, int[] validation, int[] test, ServedUnionTally union,
        CancellationToken cancellationToken)
    {
        var ways = new List<(SegmentPopularity? Prior, float Weight)> { (null, 0) };
        ways.AddRange(Priors(known).SelectMany(prior => Weights.Select(weight => ((SegmentPopularity?)prior, weight))));
        var tallies = ways.ConvertAll(_ => (Judged: new RankTally(), Measured: new RankTally()));
        var shares = new float[known.Items.Count];
        foreach (var (users, isTest) in ((int[], bool)[])[(validation, false), (test, true)])
        {
            foreach (var user in users)
            {
                var list = await server.RankAsync(known.Users[user].Id, cancellationToken);
                if (isTest) union.Add(user, [.. list.Select(entry => entry.Item)], choices[user]!);
                for (var way = 0; way < ways.Count; way++)
                {
                    var (prior, weight) = ways[way];
                    prior?.Score(new RankingQuery(user, []), shares);
                    int[] order = prior is null
                        ? [.. list.Select(entry => entry.Item)]
                        : [.. list.OrderByDescending(entry => LogOdds(entry.Score) + weight * Math.Log(shares[entry.Item] + Floor))
                            .Select(entry => entry.Item)];
                    var tally = isTest ? tallies[way].Measured : tallies[way].Judged;
                    foreach (var item in choices[user]!)
                        tally.Add(Array.IndexOf(order, item) is >= 0 and var at ? at + 1 : double.PositiveInfinity);
                }
            }
        }
        return ways.Select((way, at) => tallies[at].Measured.ToRow(
            way.Prior is null
                ? "served" : string.Create(CultureInfo.InvariantCulture, $"served + {way.Weight} log {Short(way.Prior)}"),
            tallies[at].Judged));

        static double LogOdds(double score) => Math.Log(Math.Clamp(score, 1e-12, 1 - 1e-12) / (1 - Math.Clamp(score, 1e-12, 1 - 1e-12)));
    }

    private static List<NewUserRow> RowsOfPassedOver(
        InteractionLog log, InteractionLog known, bool[] isHidden, ModelBundle bundle, int[] validation,
        CancellationToken cancellationToken)
    {
        var cases = PassedOver.Of(log, isHidden);
        var forChoice = validation.ToHashSet();
        if (!cases.Any(one => forChoice.Contains(one.User)) || cases.All(one => forChoice.Contains(one.User))) return [];
        IRecommender[] ways =
        [
            .. Priors(known), new ProfileTower(bundle, known.Users), .. Pushes.Select(push => new ProfileTower(bundle, known.Users, push)),
        ];
        var rows = new List<NewUserRow>();
        var scores = new float[log.Items.Count];
        foreach (var way in ways)
        {
            var (judged, measured) = (new RankTally(), new RankTally());
            foreach (var one in cases)
            {
                cancellationToken.ThrowIfCancellationRequested();
                way.Score(new RankingQuery(one.User, one.Items), scores);
                // What was shown is not served again, whatever the way.
                (forChoice.Contains(one.User) ? judged : measured).Add(FullRanking.RankOf(scores, one.Chosen, one.Items));
            }
            rows.Add(measured.ToRow(way.Name, judged));
        }
        return rows;
    }

    private static SegmentPopularity[] Priors(InteractionLog known) =>
        [SegmentPopularity.Fit(known, bySegment: false), SegmentPopularity.Fit(known, bySegment: true)];

    private static string Short(SegmentPopularity prior) => prior.Name == "popular" ? "popular" : "segment";

    private static List<int>?[] FirstChoices(InteractionLog log, int most)
    {
        var choices = new List<int>?[log.Users.Count];
        foreach (ref readonly var e in log.Events)
        {
            if (e.User < 0 || !e.IsPositive) continue;
            var first = choices[e.User] ??= [];
            if (first.Count < most && !first.Contains(e.Item)) first.Add(e.Item);
        }
        return choices;
    }

    /// <summary>The tower's logit and the logarithm of popularity, weighed.</summary>
    private sealed class Blend(IRecommender tower, SegmentPopularity popularity, float inverseTemperature, float weight) : IRecommender
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"tower + {weight} log {Short(popularity)}");

        public Knowledge Knows => Knowledge.Cut;

        public void Score(in RankingQuery query, Span<float> scores)
        {
            var shares = new float[scores.Length];
            popularity.Score(query, shares);
            tower.Score(query, scores);
            for (var item = 0; item < scores.Length; item++)
                scores[item] = scores[item] * inverseTemperature + weight * MathF.Log(shares[item] + Floor);
        }
    }
}
