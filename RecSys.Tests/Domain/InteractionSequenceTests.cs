using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class InteractionSequenceTests
{
    private static LogEvent On(int item, EventType type = EventType.Click) => new(0, 0, item, type);

    [Fact]
    public void Extends_ItemWithinTheLastTwenty_IsOneEntry()
    {
        int[] sequence = [.. Enumerable.Range(0, 30)];

        Assert.False(InteractionSequence.Extends(sequence, On(29)));
        Assert.False(InteractionSequence.Extends(sequence, On(10)));
        Assert.True(InteractionSequence.Extends(sequence, On(9)));
        Assert.True(InteractionSequence.Extends(sequence, On(30)));
    }

    [Theory]
    [InlineData(EventType.Impression)]
    [InlineData(EventType.Dislike)]
    [InlineData(EventType.Hide)]
    public void Extends_EventThatIsNoChoice_IsFalse(EventType type) => Assert.False(InteractionSequence.Extends([], On(1, type)));
}
