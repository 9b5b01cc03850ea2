using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>Lets models and baselines judge the same impressions of the test part, each model with its own towers, in one replay.</summary>
internal sealed class ImpressionJudging
{
    /// <summary>Rows of a challenger that are kept to look at single features: all challengers have the same towers.</summary>
    private const int SampleRows = 50_000;

    private readonly List<float> sample = [];
    private readonly List<bool> sampleLabels = [];

    private ImpressionJudging(ImpressionSet shown) => Shown = shown;

    /// <summary>The impressions.</summary>
    public ImpressionSet Shown { get; }

    /// <summary>What each model and baseline makes of them.</summary>
    public IReadOnlyList<ImpressionScores> Judged { get; private set; } = [];

    /// <summary>Some rows of the challengers, row-major, with their labels.</summary>
    public (float[] Values, bool[] Labels) Sample => ([.. sample], [.. sampleLabels]);

    /// <param name="night">The run.</param>
    /// <param name="data">The log.</param>
    /// <param name="lists">Lists of the test part, in order.</param>
    /// <param name="models">What is judged; the last one is a challenger.</param>
    /// <param name="popular">Fitted on what came before the test part.</param>
    /// <param name="ct">Stops between moments of the log.</param>
    public static ImpressionJudging Run(
        NightContext night, NightData data, IReadOnlyList<RowList> lists, IReadOnlyList<JudgedModel> models, PopularityBaseline popular,
        CancellationToken ct)
    {
        var (events, known) = (lists.SelectMany(list => list.Events).ToArray(), lists.SelectMany(list => list.Known).ToArray());
        var judging = new ImpressionJudging(new ImpressionSet(data.Log, events, Array.ConvertAll(known, label => label > 0)));
        var scores = models.Select(_ => new double[events.Length]).ToArray();
        judging.Replay(night, data, lists, models, scores, ct);
        judging.Judged =
        [
            judging.Random(night.Options.Seed), judging.Popular(popular),
            .. models.Select((model, at) => new ImpressionScores(
                model.Name, Knowledge.All, Array.ConvertAll(scores[at], score => (float)score),
                Array.ConvertAll(scores[at], score => (float)model.Parts.Calibrator.Calibrate(score)))),
        ];
        return judging;
    }

    private void Replay(
        NightContext night, NightData data, IReadOnlyList<RowList> lists, IReadOnlyList<JudgedModel> models, double[][] scores,
        CancellationToken ct)
    {
        var width = night.Catalogue.Count;
        var extractor = new FeatureExtractor(night.Catalogue);
        var builders = models.Select(model => new ImpressionRowBuilder(
            data.Log, [], model.Parts.Towers, long.MinValue, extractor, new RankerRows(width, 0))).ToArray();
        var matrix = Array.Empty<float>();
        var stride = Math.Max(1, Shown.Count / SampleRows);
        var row = 0;
        ImpressionRows.Walk(data.Log, ImpressionLists.Of(lists.Select(list => list.Events)), Judge, null, night.Progress, ct, data.Past);

        void Judge(ReadOnlySpan<int> list, FeatureState state)
        {
            if (matrix.Length < list.Length * width) matrix = new float[list.Length * width];
            var part = matrix.AsSpan(0, list.Length * width);
            for (var m = 0; m < models.Count; m++)
            {
                builders[m].Fill(list, state, part);
                // A feature that must not be trusted is looked at as it came.
                if (m == models.Count - 1) Keep(part, list.Length, row, stride, width);
                // Whatever a model learnt from.
                PositionBias.AsServed(part, night.Catalogue);
                models[m].Parts.Forest.Score(part, list.Length, scores[m].AsSpan(row, list.Length));
            }
            row += list.Length;
        }
    }

    private void Keep(ReadOnlySpan<float> matrix, int rows, int first, int stride, int width)
    {
        for (var i = 0; i < rows; i++)
        {
            if ((first + i) % stride != 0) continue;
            sample.AddRange(matrix.Slice(i * width, width));
            sampleLabels.Add(Shown.Clicked[first + i]);
        }
    }

    private ImpressionScores Random(int seed)
    {
        var random = new Random(seed);
        var scores = new float[Shown.Count];
        for (var i = 0; i < scores.Length; i++) scores[i] = random.NextSingle();
        return new ImpressionScores(JudgedModel.Random, Knowledge.Cut, scores);
    }

    private ImpressionScores Popular(PopularityBaseline popular)
    {
        var all = new float[Shown.Log.Items.Count];
        popular.Score(new RankingQuery(-1, []), all);
        var scores = new float[Shown.Count];
        for (var i = 0; i < scores.Length; i++) scores[i] = all[Shown[i].Item];
        return new ImpressionScores(popular.Name, popular.Knows, scores);
    }
}
