using System.Runtime.InteropServices;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class ContributionTests
{
    private static readonly Gen<LogEvent[]> WithMeanings = Gen.Select(FeatureLogs.Any, Gen.Int[0, 11].Array[60]).Select((events, drawn) =>
        events.Select((e, i) => drawn[i] > 3 ? e : e with { Meaning = (EventMeaning)drawn[i] }).ToArray());

    [Fact]
    public void Apply_UsersItemsAndWholeEachAlone_EqualsTheJointFold() => WithMeanings.Sample(events =>
    {
        var joint = new FeatureState(FeatureLogs.Items);
        var recorded = Fold(joint, events);

        // Item by item and user by user instead of in the order of the log: nothing of one may need the others.
        var columns = FeatureLogs.Facts;
        var items = new ItemStateTable(columns);
        foreach (var i in Enumerable.Range(0, events.Length).OrderByDescending(i => events[i].Item))
            items.Apply(in events[i], in recorded[i]);
        var whole = new GlobalState();
        for (var i = 0; i < events.Length; i++) whole.Apply(in events[i], in columns[events[i].Item], in recorded[i]);
        foreach (var user in events.Select(e => e.User).Distinct())
        {
            var alone = new UserState();
            for (var i = 0; i < events.Length; i++)
            {
                if (events[i].User == user) alone.Apply(in events[i], in columns[events[i].Item], in recorded[i]);
            }
            Assert.Equal(Bytes(joint.FindUser(user)!), Bytes(alone));
        }

        for (var item = 0; item < FeatureLogs.Items.Count; item++)
        {
            Assert.Equal(Bytes(in joint.ItemStates.Peek(item)), Bytes(in items.Peek(item)));
            Assert.Equal(joint.ItemStates.Popularity.Percentile(item), items.Popularity.Percentile(item));
        }
        Assert.Equal(joint.Global.WriteWhole(), whole.WriteWhole());
    }, iter: 200);

    [Fact]
    public void Apply_RecordedAgain_GivesTheSameFeatures()
    {
        var events = FoldLogs.Videos(400);
        var first = new FeatureState(FoldLogs.Items);
        var recorded = Fold(first, events);
        var second = new FeatureState(FoldLogs.Items);
        for (var i = 0; i < events.Length; i++)
        {
            Assert.Equal(recorded[i], second.Resolve(in events[i]));
            second.Apply(in events[i], in recorded[i]);
        }

        Assert.Contains(recorded, c => c.Play != PlayKind.None && c.ItemLongViews > 0);
        for (var user = 0; user < FoldLogs.Users.Count; user++)
            Assert.Equal(first.FindUser(user) is { } a ? Bytes(a) : [], second.FindUser(user) is { } b ? Bytes(b) : []);
    }

    [Fact]
    public void Resolve_Event_ChangesNothing() => WithMeanings.Sample(events =>
    {
        var state = new FeatureState(FeatureLogs.Items);
        Fold(state, events);
        var before = (Users(state), state.Global.WriteWhole());

        foreach (var e in events) state.Resolve(in e);

        Assert.Equal(before.Item1, Users(state));
        Assert.Equal(before.Item2, state.Global.WriteWhole());

        static byte[] Users(FeatureState state) =>
            [.. Enumerable.Range(0, 4).SelectMany(user => state.FindUser(user) is { } known ? Bytes(known) : [])];
    }, iter: 50);

    [Fact]
    public void Apply_ErasedUser_StillCountsForItemAndWhole()
    {
        var state = new FeatureState(FeatureLogs.Items);
        var click = new LogEvent(FeatureLogs.Start, -1, 3, EventType.Click);

        state.Apply(in click);
        state.Apply(in click, Contribution.None);

        Assert.Equal(2, state.ItemStates.PositivesOf(3));
        Assert.Equal(2, state.Global.Total.Clicks);
        Assert.Null(state.FindUser(0));
    }

    [Fact]
    public void Apply_StatedMeaning_GoesBeforeTheType()
    {
        // A rating of one star, and a view that nobody wanted.
        var state = FeatureLogs.Fold([
            new LogEvent(FeatureLogs.Start, 0, 1, EventType.Rating, 1) { Meaning = EventMeaning.Negative },
            new LogEvent(FeatureLogs.Start, 0, 2, EventType.View, 3) { Meaning = EventMeaning.Neutral },
            new LogEvent(FeatureLogs.Start, 0, 3, EventType.Rating, 5),
        ]);
        var user = state.FindUser(0)!;

        Assert.Equal([3], user.RecentItems.ToArray());
        Assert.Equal((1, 1, 2, 1), (user.Counters.Positives.All, user.Counters.Rejections, user.Counters.RatingCount, user.Counters.Views));
        Assert.Equal((0, 0, 1), (state.ItemStates.PositivesOf(1), state.ItemStates.PositivesOf(2), state.ItemStates.PositivesOf(3)));
        Assert.Equal(1, state.ItemStates.Peek(1).Rejections);
    }

    internal static Contribution[] Fold(FeatureState state, LogEvent[] events)
    {
        var recorded = new Contribution[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            recorded[i] = state.Resolve(in events[i]);
            state.Apply(in events[i], in recorded[i]);
        }
        return recorded;
    }

    internal static byte[] Bytes(UserState state)
    {
        var bytes = new byte[state.ByteCount];
        state.Write(bytes);
        return bytes;
    }

    private static byte[] Bytes(in ItemState state) => MemoryMarshal.AsBytes(new ReadOnlySpan<ItemState>(in state)).ToArray();
}
