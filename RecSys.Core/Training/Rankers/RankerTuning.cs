using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Core.Training.Rankers;

/// <summary>
/// Looks for better settings of the ranker within a time budget: random search (Bergstra and Bengio, 2012) with one step of successive
/// halving (Jamieson and Talwalkar, 2016). Of every nine settings, tried on the latest quarter of the rows, the best three are tried on
/// all. The settings given are the first trial, so the result is never worse than theirs on the validation rows.
/// </summary>
/// <param name="time">Measures the budget.</param>
internal sealed class RankerTuning(TimeProvider time)
{
    private const int Round = 9;
    private const int Kept = 3;
    private const int Part = 4;

    /// <summary>Random settings around the given ones, without end; the same for the same seed.</summary>
    public static IEnumerable<LightGbmOptions> Trials(LightGbmOptions around, int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            yield return around with
            {
                NumLeaves = (int)Scaled(7, 127),
                LearningRate = Math.Round(Scaled(0.02, 0.15), 4),
                MinDataInLeaf = (int)Scaled(20, 2000),
                FeatureFraction = Math.Round(0.2 + 0.8 * random.NextDouble(), 2),
                BaggingFraction = Math.Round(0.5 + 0.5 * random.NextDouble(), 2),
                LambdaL1 = random.Next(2) == 0 ? 0 : Math.Round(Scaled(0.01, 10), 3),
                LambdaL2 = Math.Round(Scaled(0.1, 100), 2),
            };
        }

        double Scaled(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
    }

    /// <summary>
    /// Fits with the given settings and then, until the budget is used up, with others; a trial that the end of the budget interrupts
    /// counts for nothing.
    /// </summary>
    /// <returns>The best model, with how it was found among its metrics.</returns>
    /// <exception cref="RecSysException">There are too few rows, or only one class.</exception>
    public RankerModel Run(
        RankerDataset train, RankerDataset valid, LightGbmOptions settings, TimeSpan budget, FeatureCatalogue catalogue,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var best = RankerFitting.Fit(train, valid, settings, catalogue, progress, cancellationToken);
        var given = best.Training.BestValue;
        var count = 0;
        var left = budget - time.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
        {
            Report("the settings as they are", best.Training);
            using var end = new CancellationTokenSource(left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
            try
            {
                Search(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The budget is used up.
            }
        }
        return best with
        {
            Metrics = new Dictionary<string, double>(best.Metrics) { ["ranker.tuning_trials"] = count,
                ["ranker.tuning_gain"] = best.Training.BestValue - given },
        };

        void Search(CancellationToken ct)
        {
            var part = Latest(train, train.Rows / Part);
            using var trials = Trials(settings, settings.Seed).GetEnumerator();
            while (time.GetElapsedTime(start) < budget)
            {
                var round = new List<(LightGbmOptions Settings, double Value)>();
                while (round.Count < Round && time.GetElapsedTime(start) < budget && trials.MoveNext())
                {
                    // A leaf of the quarter that is to be as coarse as one of the whole holds a quarter of its rows.
                    var scaled = trials.Current with { MinDataInLeaf = Math.Max(1, trials.Current.MinDataInLeaf / Part) };
                    var fit = LightGbmTrainer.Train(part, valid, catalogue.Names, catalogue.CategoricalIndexes, scaled, ct: ct);
                    round.Add((trials.Current, fit.BestValue));
                    count++;
                    Report($"on a quarter of the rows, {Text(trials.Current)}", fit);
                }
                foreach (var (chosen, _) in round.OrderByDescending(trial => trial.Value).Take(Kept))
                {
                    if (time.GetElapsedTime(start) >= budget) return;
                    var model = RankerFitting.Fit(train, valid, chosen, catalogue, progress: null, ct);
                    count++;
                    if (model.Training.BestValue > best.Training.BestValue) best = model;
                    Report($"on all rows, {Text(chosen)}", model.Training);
                }
            }
        }

        void Report(string what, LightGbmTraining fit) => progress?.Report(new WorkProgress(
            $"tune ranker, trial {count}", 1, 1, "trials",
            string.Create(CultureInfo.InvariantCulture,
                $"{fit.History[0].Metric} {fit.BestValue:F5}, best {best.Training.BestValue:F5}; {what}")));
    }

    private static string Text(LightGbmOptions o) => string.Create(
        CultureInfo.InvariantCulture,
        $"leaves {o.NumLeaves}, rate {o.LearningRate}, min data {o.MinDataInLeaf}, features {o.FeatureFraction}, bagging "
            + $"{o.BaggingFraction}, l1 {o.LambdaL1}, l2 {o.LambdaL2}");

    /// <summary>The last rows, about so many, in whole lists.</summary>
    private static RankerDataset Latest(RankerDataset rows, int wanted)
    {
        var from = rows.Rows - wanted;
        int[]? sizes = null;
        if (rows.GroupSizes is { } groups)
        {
            var first = groups.Length;
            from = rows.Rows;
            while (first > 0 && rows.Rows - from < wanted) from -= groups[--first];
            sizes = groups[first..];
        }
        return rows with
        {
            Rows = rows.Rows - from,
            Values = rows.Values[(from * rows.Features)..],
            Labels = rows.Labels[from..],
            Weights = rows.Weights?[from..],
            Positions = rows.Positions?[from..],
            GroupSizes = sizes,
        };
    }
}
