using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Tests.Evaluation;

/// <summary>Metrics of lists with equal scores, against the mean over every order that the scores allow.</summary>
public sealed class TiedRankingTests
{
    [Fact]
    public void NdcgAndReciprocalRank_Ties_AreTheMeansOverAllOrders()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 60; trial++)
        {
            var length = random.Next(2, 8);
            float[] scores = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(3))];
            bool[] relevant = [.. Enumerable.Range(0, length).Select(_ => random.Next(3) == 0)];
            relevant[random.Next(length)] = true;
            var orders = Orders([.. Enumerable.Range(0, length)])
                .Where(order => Enumerable.Range(1, length - 1).All(at => scores[order[at - 1]] >= scores[order[at]]))
                .Select(order => Array.ConvertAll(order, item => relevant[item])).ToArray();
            foreach (var k in (int[])[1, 3, 10])
            {
                Assert.Equal(
                    orders.Average(order => RankingMetrics.Ndcg(order, relevant.Count(hit => hit), k)),
                    RankingMetrics.Ndcg(scores, relevant, k), 1e-12);
            }
            Assert.Equal(
                orders.Average(order => RankingMetrics.ReciprocalRank(order)), RankingMetrics.ReciprocalRank(scores, relevant), 1e-12);
        }
    }

    [Fact]
    public void NdcgAndReciprocalRank_NoTies_AreThoseOfTheOrderedList()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 200; trial++)
        {
            var length = random.Next(1, 30);
            float[] scores = [.. Enumerable.Range(0, length).Select(at => at + (float)random.NextDouble() / 2)];
            random.Shuffle(scores);
            bool[] relevant = [.. Enumerable.Range(0, length).Select(_ => random.Next(4) == 0)];
            bool[] ranked = [.. Enumerable.Range(0, length).OrderByDescending(at => scores[at]).Select(at => relevant[at])];

            Assert.Equal(
                RankingMetrics.Ndcg(ranked, ranked.Count(hit => hit), 10), RankingMetrics.Ndcg(scores, relevant, 10), 1e-12);
            Assert.Equal(RankingMetrics.ReciprocalRank(ranked), RankingMetrics.ReciprocalRank(scores, relevant), 1e-12);
        }
    }

    [Fact]
    public void NdcgAndReciprocalRank_NothingRelevant_AreUnknownAndNothing()
    {
        Assert.Equal(double.NaN, RankingMetrics.Ndcg([1f, 1f], [false, false], 10));
        Assert.Equal(0, RankingMetrics.ReciprocalRank([1f, 1f], [false, false]));
        Assert.Throws<ArgumentException>(() => RankingMetrics.Ndcg([1f, 1f], [true], 10));
    }

    // Two models that order alike, of which one tells less apart: where it ties, it may not fall behind one that draws.
    [Fact]
    public void ListFigures_CoarseModel_IsNotBelowOneThatDrawsAmongItsEquals()
    {
        const int lists = 400, length = 8;
        var random = new Random(11);
        var events = new List<LogEvent>();
        var (clicked, coarse, drawn, noise) = (new List<bool>(), new List<float>(), new List<float>(), new List<float>());
        for (var list = 0; list < lists; list++)
        {
            for (var item = 0; item < length; item++)
            {
                events.Add(new LogEvent(list, list % 50, item, EventType.Impression) { List = list + 1 });
                var good = item < length / 2;
                clicked.Add(random.NextDouble() < (good ? 0.3 : 0.15));
                coarse.Add(good ? 1 : 0);
                drawn.Add((good ? 1 : 0) + (float)random.NextDouble() / 2);
                noise.Add((float)random.NextDouble());
            }
        }
        var shown = new ImpressionSet(
            Logs.Of(50, length, [.. events]), [.. Enumerable.Range(0, events.Count)], [.. clicked]);

        var family = FigureFamily.OfLists(
            shown, [Scores("coarse", coarse), Scores("drawn", drawn), Scores("noise", noise)]);

        var values = family.All.Where(figure => figure.Name == Figures.ListNdcg).ToDictionary(figure => figure.Model, Value);
        // The draw is worth nothing; what it costs or gains is chance.
        Assert.Equal(values["coarse"], values["drawn"], 0.03);
        Assert.True(values["coarse"] > values["noise"] + 0.03, $"coarse {values["coarse"]}, noise {values["noise"]}");

        static ImpressionScores Scores(string name, List<float> scores) => new(name, Knowledge.All, [.. scores]);
    }

    private static double Value(ModelFigure figure)
    {
        var once = new double[50];
        Array.Fill(once, 1);
        return figure.Value.Of(once);
    }

    private static IEnumerable<int[]> Orders(int[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }
        for (var first = 0; first < items.Length; first++)
        {
            foreach (var rest in Orders([.. items[..first], .. items[(first + 1)..]])) yield return [items[first], .. rest];
        }
    }
}
