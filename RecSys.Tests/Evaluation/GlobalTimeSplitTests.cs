using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class GlobalTimeSplitTests
{
    // Early on users 0 to 3 take items 0 to 4, and users 5 to 9 items 5 to 9. Late come user 0 with items 5 to 9 (20,000 to 20,040), user 3
    // with the same (20,050 to 20,090) and user 4, who is new, with items 0 to 4 (20,085 to 20,125): 60 interactions.
    private static InteractionLog Log { get; } = Build();

    [Fact]
    public void Create_Cuts_AreQuantilesOfInteractionsNotOfEvents()
    {
        var split = GlobalTimeSplit.Create(Log);

        // Place 53.1 of the 60 sorted times lies between 20,080 and 20,085; place 47.7 of the 54 before it between 20,020 and 20,030.
        Assert.Equal((20_080, 20_027), (split.ValidateUntilMs, split.TrainUntilMs));
        Assert.Equal(60, split.Users.Sum(user => user.Sequence.Length));
    }

    [Fact]
    public void Create_Targets_AreWhatComesBehindTheCutEachFromAllBefore()
    {
        var split = GlobalTimeSplit.Create(Log);

        // Nothing tells the first entry of user 4.
        Assert.Equal(["3: 0 1 2 3 4 5 6 7 8 > 9", "4: 0 1 2 3 > 4", "4: 0 1 2 > 3", "4: 0 1 > 2", "4: 0 > 1"],
            Text(split, TargetChoice.Successive).Order(StringComparer.Ordinal));
        Assert.Equal(["3: 0 1 2 3 4 5 6 7 8 > 9", "4: 0 1 2 3 > 4"], Text(split, TargetChoice.Last).Order(StringComparer.Ordinal));
        Assert.Equal(["3: 0 1 2 3 4 5 6 7 8 > 9", "4: 0 > 1"], Text(split, TargetChoice.First).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_Validation_IsEachUsersLastBeforeTheTest()
    {
        var split = GlobalTimeSplit.Create(Log);

        Assert.Equal(["0: 0 1 2 3 4 5 6 7 8 > 9", "3: 0 1 2 3 4 5 6 7 > 8"], split.Validation.Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_TooSmall_SaysWhatToDo()
    {
        var failure = Assert.Throws<RecSysException>(() => GlobalTimeSplit.Create(Logs.OfSequences(3, [0, 1, 2])));

        Assert.Contains("leave-one-out", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_AllAtOneMoment_SaysWhatToDo()
    {
        var events = Enumerable.Range(0, 6).SelectMany(user => Enumerable.Range(0, 6)
            .Select(item => new LogEvent(5, user, item, EventType.View))).ToArray();

        var failure = Assert.Throws<RecSysException>(() => GlobalTimeSplit.Create(Logs.Of(6, 6, events)));

        Assert.Contains("leave-one-out", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Text(GlobalTimeSplit split, TargetChoice choice) => split.Test[choice].Select(Text);

    private static string Text(SequenceTarget target) =>
        $"{target.User.User}: {string.Join(' ', target.History.ToArray())} > {target.Item}";

    private static InteractionLog Build()
    {
        var events = new List<LogEvent>();
        for (var user = 0; user < 4; user++) Take(user, 1000 * user, 0, 5);
        for (var user = 5; user < 10; user++) Take(user, 4000 + 1000 * user, 5, 5);
        Take(0, 20_000, 5, 5);
        Take(3, 20_050, 5, 5);
        Take(4, 20_085, 0, 5);
        // An opinion on what was taken is no interaction of its own, and user 10 is in no core.
        events.Add(new LogEvent(20_119, 4, 3, EventType.Like));
        events.Add(new LogEvent(20_130, 10, 0, EventType.View));
        return Logs.Of(11, 10, [.. events.OrderBy(e => e.TimeMs)]);

        void Take(int user, long from, int first, int count)
        {
            for (var i = 0; i < count; i++) events.Add(new LogEvent(from + 10 * i, user, first + i, EventType.View));
        }
    }
}
