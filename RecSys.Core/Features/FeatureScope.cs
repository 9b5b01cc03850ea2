namespace RecSys.Core.Features;

/// <summary>
/// What the features of one row read: the request, the user's counters brought forward to now, and the candidate's. The extractor prepares
/// the user part once per request and the candidate part once per row, so that no feature computes a decay or looks anything up by itself.
/// </summary>
public sealed class FeatureScope
{
    /// <summary>Pseudo-impressions behind smoothed rates of users, items and of groups of the log.</summary>
    internal const float UserStrength = 5;
    internal const float ItemStrength = 15;
    internal const float GroupStrength = 30;

    internal FeatureScope()
    {
    }

    internal FeatureRequest Request { get; private set; } = null!;
    internal UserState User { get; private set; } = null!;
    internal GlobalState Global { get; private set; } = null!;
    internal ref readonly UserCounters Counters => ref User.Counters;
    internal long Now { get; private set; }
    internal uint NowSeconds { get; private set; }
    internal bool SessionOpen { get; private set; }
    internal float ClickRate { get; private set; }
    internal float LocationRate { get; private set; }
    internal WindowCounts UserImpressions;
    internal WindowCounts UserClicks;
    internal WindowCounts UserPositives;
    internal float UserWeekFade { get; private set; }
    internal float UserRate { get; private set; }
    internal float UserLift { get; private set; }
    internal int Place { get; private set; }

    /// <summary>Rates of the whole log, which several features of each candidate are drawn to.</summary>
    internal OverallRates Overall;

    /// <summary>Log odds of a click here by an average user, and by this one.</summary>
    internal float LocationLogOdds { get; private set; }
    internal float UserHereLogOdds { get; private set; }

    /// <summary>Click rate here at the odds of the user's lift.</summary>
    internal float UserHereExpected { get; private set; }
    internal float LogUserLift { get; private set; }
    internal float LogItemLift { get; private set; }
    internal ReadOnlySpan<float> Profile => profile.Values;

    internal CandidateInput Candidate { get; private set; }
    internal ItemState Item;
    internal ItemFacts Facts;
    internal RateCell Category;
    internal RateCell Creator;
    internal float CategoryRate { get; private set; }
    internal float CreatorRate { get; private set; }
    internal float ItemRate { get; private set; }
    internal float ItemLift { get; private set; }
    internal Affinity UserCategory;
    internal Affinity UserCreator;
    internal SeenItem Seen;
    internal Popularity Popularity => itemStates.Popularity;
    internal Similarity Similarity { get; } = new();
    internal Succession Succession { get; } = new(0.9f);

    // As item-kNN votes: halved every two places.
    internal Succession Neighbourhood { get; } = new(MathF.Sqrt(0.5f));

    private ItemColumns columns = null!;
    private ItemStateTable itemStates = null!;
    private ProfileCodes profile = ProfileCodes.None;

    internal void Begin(FeatureRequest request, FeatureState state, ReadOnlySpan<CandidateInput> candidates)
    {
        (Request, User, Global, itemStates, columns) = (request, request.State, state.Global, state.ItemStates, state.Facts);
        Now = request.NowMs;
        NowSeconds = (uint)(Now / 1000);
        ref readonly var c = ref User.Counters;
        SessionOpen = c.ClockMs != 0 && Now - c.ClockMs <= UserState.SessionGapMs;
        ClickRate = Global.ClickRate;
        LocationRate = Global.LocationRate(request.Location);
        (UserImpressions, UserClicks, UserPositives) = (c.Impressions, c.Clicks, c.Positives);
        UserWeekFade = 1;
        if (c.ClockMs != 0 && Now > c.ClockMs)
        {
            var fade = DecayFactors.After(Now - c.ClockMs);
            UserImpressions.Decay(in fade);
            UserClicks.Decay(in fade);
            UserPositives.Decay(in fade);
            UserWeekFade = fade.Week;
        }
        UserRate = Smooth.Rate(UserClicks.All, UserImpressions.All, ClickRate, UserStrength);
        UserLift = c.ClickLift;
        Place = User.FindPlace(request.Location);
        Overall = new OverallRates(Global);
        UserHereExpected = Smooth.Lifted(LocationRate, UserLift);
        LocationLogOdds = Smooth.LogOdds(LocationRate);
        UserHereLogOdds = Smooth.LogOdds(ContextFeatures.UserAtLocation(this));
        LogUserLift = MathF.Log(UserLift);
        profile = request.Profile is { } user ? User.ProfileOf(user) : ProfileCodes.None;
        LookUp(candidates);
        Similarity.Begin(request, User.RecentItems);
        Succession.Begin(new FollowerPairs(request.Transitions), User.RecentItems, candidates);
        Neighbourhood.Begin(new NeighbourPairs(request.Neighbours), User.RecentItems, candidates);
    }

    internal void BeginCandidate(in CandidateInput candidate)
    {
        Candidate = candidate;
        Facts = columns[candidate.Item];
        itemStates.Read(candidate.Item, out Item);
        if (Item.ClockMs != 0) Item.Advance(Now);
        Category = RateCell.Copy(in Global.Category(Facts.Category));
        Creator = RateCell.Copy(in Global.Creator(Facts.Creator));
        CategoryRate = Category.Rate(ClickRate, GroupStrength);
        CreatorRate = Facts.Creator == 0 ? CategoryRate : Creator.Rate(CategoryRate, GroupStrength);
        ItemRate = Smooth.Rate(Item.Clicks.All, Item.Impressions.All, CreatorRate, ItemStrength);
        ItemLift = Item.ClickLift;
        LogItemLift = MathF.Log(ItemLift);
        UserCategory = User.Categories.Find(Facts.Category, NowSeconds);
        UserCreator = Facts.Creator == 0 ? default : User.Creators.Find(Facts.Creator, NowSeconds);
        Seen = User.Seen.Find(candidate.Item);
        Similarity.BeginCandidate(candidate.Item);
        Succession.BeginCandidate(candidate.Item);
        Neighbourhood.BeginCandidate(candidate.Item);
    }

    /// <summary>
    /// Asks for the memory of a row that comes soon. Items of one request lie anywhere among millions, so that without it each row waits
    /// for main memory a dozen times.
    /// </summary>
    internal void Prefetch(int item)
    {
        ref readonly var facts = ref columns[item];
        CacheLines.Ask(in itemStates.Peek(item));
        CacheLines.Ask(in Global.Creator(facts.Creator));
        CacheLines.Ask(in Global.CategoryAtLocation(facts.Category, Request.Location));
        if (Request.Embeddings?.TryGet(item, out var vector) == true) CacheLines.Ask(vector);
    }

    // What tells where the rest lies. In a loop of its own, so short that the processor looks many items up at the same time.
    private void LookUp(ReadOnlySpan<CandidateInput> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            CacheLines.Ask(in columns[candidate.Item]);
            CacheLines.AskFirst(in itemStates.Peek(candidate.Item));
            if (Request.Embeddings?.TryGet(candidate.Item, out var vector) == true) CacheLines.Ask(vector[..1]);
        }
    }

    /// <summary>Lets go of everything that belongs to the request, so that a pooled scope keeps no user alive.</summary>
    internal void End()
    {
        (Request, User, Global, itemStates, columns) = (null!, null!, null!, null!, null!);
        profile = ProfileCodes.None;
        Similarity.End();
    }
}
