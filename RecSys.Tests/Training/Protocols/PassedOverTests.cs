using RecSys.Core.Domain;
using RecSys.Core.Training.Protocols;

namespace RecSys.Tests.Training.Protocols;

public sealed class PassedOverTests
{
    private static InteractionLog Log(params LogEvent[] events) => new(
        ItemCatalog.Create(Enumerable.Range(0, 100).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" })),
        new UserDirectory([new User { Id = "a" }, new User { Id = "b" }]), events);

    private static LogEvent Shown(long at, int item, int user = 0) => new(at, user, item, EventType.Impression);

    [Fact]
    public void Of_EnoughWasPassedOver_GivesTheNextChoiceWithWhatWasShownBeforeItsOwnMoment()
    {
        var log = Log(
            [
                // Chosen once, 1 is nothing that was passed over; 2 to 6 are, 6 being hidden. 7 is shown in the moment of the choice, 8.
                Shown(1, 1), new(1, 0, 1, EventType.Click), .. Enumerable.Range(2, 4).Select(item => Shown(item, item)),
                new(6, 0, 6, EventType.Hide), Shown(7, 7), Shown(7, 8), new(9, 0, 8, EventType.Click),
                // Later choices are not asked for.
                new(10, 0, 9, EventType.Click),
            ]);

        var one = Assert.Single(PassedOver.Of(log, [true, true]));

        Assert.Equal((0, 8), (one.User, one.Chosen));
        Assert.Equal([2, 3, 4, 5, 6], one.Items);
    }

    [Fact]
    public void Of_TooLittleOrAnotherUser_GivesNothing()
    {
        var log = Log([.. Enumerable.Range(0, 4).Select(item => Shown(item, item)), new(9, 0, 50, EventType.Click),
            .. Enumerable.Range(0, 9).Select(item => Shown(20 + item, item, user: 1)), new(40, 1, 50, EventType.Click)]);

        Assert.Empty(PassedOver.Of(log, [true, false]));
        Assert.Equal(1, Assert.Single(PassedOver.Of(log, [true, true])).User);
    }

    [Fact]
    public void Of_VeryMuchWasPassedOver_KeepsTheLatest()
    {
        var log = Log([.. Enumerable.Range(0, 80).Select(item => Shown(item, item)), new(90, 0, 99, EventType.Click)]);

        Assert.Equal(Enumerable.Range(30, 50), Assert.Single(PassedOver.Of(log, [true, true])).Items);
    }
}
