using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Reasons;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

public sealed class ItemReasonsTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    public static TheoryData<CandidateSources, string, string> Sources => new()
    {
        { CandidateSources.Trending, "trending", "Trending in c" },
        { CandidateSources.New, "new", "New in c" },
        { CandidateSources.Popular, "popular", "Popular in c" },
        { CandidateSources.Static, "popular", "Popular in c" },
        { CandidateSources.Pinned, "featured", "Featured" },
        { CandidateSources.TwoTower, "picked_for_you", "Picked for you" },
        { CandidateSources.LastList, "picked_before", "Picked for you before" },
        { CandidateSources.Repeated, "seen_before", "Seen before" },
        { CandidateSources.Deeper, "more_to_discover", "More to discover" },
        // Nobody chose it together with anything: that is not claimed.
        { CandidateSources.CoVisitation, "picked_for_you", "Picked for you" },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Of_OneSource_IsWhatItStandsFor(CandidateSources source, string code, string text)
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0), Make(1)]);
        Add(fixture, 1, source);

        Assert.Equal([new ItemReason(code, text)], ItemReasons.Of(fixture.Context)[0]);
    }

    [Fact]
    public async Task Of_NothingKnownOfTheUser_ClaimsNothingPersonal()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0) with { Category = "" }]);
        fixture.Context.NotPersonal = "unknown_user";
        Add(fixture, 0, CandidateSources.TwoTower);
        Assert.Equal("recommended", Assert.Single(ItemReasons.Of(fixture.Context)[0]).Code);

        fixture.Begin();
        fixture.Context.NotPersonal = "unknown_user";
        Add(fixture, 0, CandidateSources.TwoTower | CandidateSources.Popular | CandidateSources.Trending);
        Assert.Equal(["Trending", "Popular"], ItemReasons.Of(fixture.Context)[0].Select(reason => reason.Text));
    }

    [Fact]
    public async Task Of_ChosenTogether_NamesTheItemThatSpeaksMostAndMayBeShown()
    {
        // Two choices of 3 with 0 and one with 1; 2 is out of stock and was chosen with 3, too.
        int[] chosen = [0, 3, 2, 0, 3, 1];
        LogEvent[] events = [.. chosen.Select((item, at) => new LogEvent(NowMs - (100 - 20 * at) * 60_000L, 0, item, EventType.Click))];
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 4).Select(i => Make(i) with { Available = i != 2 }), events);
        Add(fixture, 3, CandidateSources.CoVisitation | CandidateSources.New);

        var reasons = ItemReasons.Of(fixture.Context)[0];

        Assert.Equal(["because_you_chose", "new", "picked_for_you"], reasons.Select(reason => reason.Code));
        Assert.Contains(reasons[0].Item, (int?[])[0, 1]);
        Assert.Equal($"Because you chose t{reasons[0].Item}", reasons[0].Text);
    }

    [Fact]
    public async Task Of_Explored_SaysSoFirst()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0)]);
        Add(fixture, 0, CandidateSources.TwoTower);
        fixture.Context.Candidates.Open(new TestStage("explore", StageKind.Rerank, _ => { }));
        fixture.Context.Candidates.SetSlot(0, SlotKind.Explored, 0.1);
        fixture.Context.Candidates.Close();

        Assert.Equal(["explored", "picked_for_you"], ItemReasons.Of(fixture.Context)[0].Select(reason => reason.Code));
    }

    private static Item Make(int i) => new() { Id = $"i{i}", Title = $"t{i}", Category = "c" };

    private static void Add(RuleFixture fixture, int item, CandidateSources sources)
    {
        var list = fixture.Context.Candidates;
        list.Open(new TestStage("add", StageKind.Retrieve, _ => { }));
        list.Add(item, sources);
        list.Close();
    }
}
