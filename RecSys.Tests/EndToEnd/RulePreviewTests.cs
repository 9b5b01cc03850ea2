using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Merchandising;
using RecSys.Tests.Storage;

namespace RecSys.Tests.EndToEnd;

/// <summary>What a preview says a list becomes is what is served once the rules are put.</summary>
public sealed class RulePreviewTests
{
    private const int Lists = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preview_AThousandLists_SaysWhatIsServedOnceTheRulesAreThere()
    {
        await using var rig = await SwapRig.StartAsync(Token);
        var (recommender, worlds, live) = (rig.Services.GetRequiredService<Recommender>(), rig.Services.GetRequiredService<WorldSource>(),
            rig.Services.GetRequiredService<LiveState>());
        var store = rig.Services.GetRequiredService<IServedRecordStore>();
        live.Fold(RuleSamples.Put(RuleSamples.Scaled("old", "price > 20", 1.2)));
        var requests = new Dictionary<string, RecommendationRequest>();
        var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        for (var i = 0; i < Lists; i++)
        {
            var request = new RecommendationRequest(
                rig.Users[i % rig.Users.Length], 5 + i % 17, i % 3 == 0 ? "mobile" : null, i % 4 == 0 ? "SF" : null);
            var context = await recommender.RecommendAsync(request, Token);
            requests.Add(context.RequestId, request);
            var record = ServedRecordFactory.Of(context, FeatureCatalogue.Default, withFeatures: false);
            (first, last) = (record.Time < first ? record.Time : first, record.Time > last ? record.Time : last);
            Assert.Equal(live.Rules.Hash, record.RulesHash);
            await store.AppendAsync([record], Token);
            recommender.Complete(context);
        }
        RuleChange[] changes = [.. Rules(live.Catalog).Select(rule => RuleSamples.Put(rule)), new RuleChange("old", null, "editor")];

        using var preview = new RulePreview(recommender, worlds, store);
        var previewed = await preview.RunAsync(
            book => changes.Aggregate(book, (next, change) => next.With(change.RuleId, change.Json)),
            first, last.AddMilliseconds(1), Lists, Token).ToListAsync(Token);
        foreach (var change in changes) live.Fold(change);

        Assert.Equal(Lists, previewed.DistinctBy(list => list.RequestId).Count());
        var summary = new PreviewSummary(mostExamples: 3);
        foreach (var list in previewed)
        {
            var context = await recommender.RecommendAsync(requests[list.RequestId], Token);
            var served = context.Candidates.Items.ToArray().Select(candidate => candidate.Item).ToArray();
            recommender.Complete(context);
            Assert.Equal(list.After, served);
            Assert.Equal(await BeforeAsync(store, list), list.Before);
            summary.Add(list);
        }
        AssertSums(previewed, summary);
        Assert.InRange(summary.Changed, Lists / 2, Lists);
    }

    [Fact]
    public async Task Preview_FewerListsThanThereAre_TakesThemFromTheWholeSpan()
    {
        await using var rig = await SwapRig.StartAsync(Token);
        var store = rig.Services.GetRequiredService<IServedRecordStore>();
        var begin = new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 240; i++)
        {
            await store.AppendAsync([Served.Record($"req_{i}", rig.Users[i % 100], begin.AddMinutes(6 * i))], Token);
        }
        using var preview = new RulePreview(
            rig.Services.GetRequiredService<Recommender>(), rig.Services.GetRequiredService<WorldSource>(), store);

        var lists = await preview.RunAsync(book => book, begin, begin.AddDays(1), 48, Token).ToListAsync(Token);

        Assert.Equal(48, lists.Count);
        var hours = lists.GroupBy(list => int.Parse(list.RequestId[4..], CultureInfo.InvariantCulture) / 10);
        Assert.Equal(24, hours.Count());
        Assert.All(lists, list => Assert.False(list.Changes));
        Assert.Empty(await preview.RunAsync(book => book, begin.AddDays(1), begin.AddDays(2), 48, Token).ToListAsync(Token));
    }

    private static IEnumerable<Rule> Rules(ItemCatalog catalog)
    {
        var categories = Enumerable.Range(0, catalog.Count).Select(item => catalog[item].Category).Distinct().Order().ToArray();
        yield return RuleSamples.Pin("pin", catalog.IdOf(17), 2) with { Segment = "context.device = 'mobile'" };
        yield return RuleSamples.Pin("far", catalog.IdOf(18), 15);
        yield return RuleSamples.Scaled("boost", $"category = '{categories[0]}'", 3);
        yield return RuleSamples.Scaled("bury", "popularity > 0.9", 0.5);
        yield return RuleSamples.Filtered("out", RuleKind.Exclude, $"category = '{categories[1]}'");
        yield return RuleSamples.Filtered("in", RuleKind.Include, "has(price)") with { Segment = "context.location = 'SF'" };
        yield return RuleSamples.Cap("cap", CapGroup.Creator, 1, 8);
        yield return RuleSamples.OwnItems("own");
        yield return RuleSamples.Filtered("never", RuleKind.Exclude, "true") with { Scenarios = ["cart"] };
    }

    private static async Task<IEnumerable<int>> BeforeAsync(IServedRecordStore store, PreviewedList list) =>
        (await store.GetAsync(list.RequestId, Token))!.Items.Select(item => item.Item);

    // The same figures, counted anew.
    private static void AssertSums(List<PreviewedList> lists, PreviewSummary summary)
    {
        Assert.Equal(lists.Count(list => !list.Before.SequenceEqual(list.After)), summary.Changed);
        var moves = lists.SelectMany(list => list.Before.Intersect(list.After)
            .Select(item => Math.Abs(list.Before.ToList().IndexOf(item) - list.After.ToList().IndexOf(item)))).ToList();
        Assert.Equal(moves.Average(), summary.MeanDisplacement, 1e-9);
        Assert.Equal(Counted(lists.SelectMany(list => list.After.Except(list.Before))), summary.ComeIn(5));
        Assert.Equal(Counted(lists.SelectMany(list => list.Before.Except(list.After))), summary.GoOut(5));
        Assert.Equal(lists.Where(list => list.Changes).Take(3), summary.Examples);
    }

    private static IEnumerable<(int, int)> Counted(IEnumerable<int> items) => items.GroupBy(item => item)
        .Select(group => (group.Key, Count: group.Count())).OrderByDescending(each => each.Count).ThenBy(each => each.Key).Take(5);
}
