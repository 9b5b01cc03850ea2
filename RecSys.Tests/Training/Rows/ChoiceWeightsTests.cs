using RecSys.Core.Domain;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Evaluation;

namespace RecSys.Tests.Training.Rows;

public sealed class ChoiceWeightsTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Of_SessionsOfTwoUsers_GivesTheirBeginningsTheirShareTogether()
    {
        // User 0 comes twice, 31 minutes apart, user 1 once; 30 minutes are no pause.
        var log = Log((0, 0), (0, 1), (0, 2), (0, 33), (0, 34), (1, 40), (1, 70), (1, 71), (1, 72), (1, 73));

        var weights = ChoiceWeights.Of(log, [.. Enumerable.Range(0, 10)], returnShare: 0.6);

        // 0.6 * 10 over three, 0.4 * 10 over seven.
        float[] expected = [2, 4f / 7, 4f / 7, 2, 4f / 7, 2, 4f / 7, 4f / 7, 4f / 7, 4f / 7];
        Assert.Equal(expected, weights, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(10, weights.Sum(), 1e-4);
    }

    [Fact]
    public void Of_EventsThatAreNoChoices_EndPausesToo()
    {
        var log = Log((0, 0), (0, 20), (0, 40), (0, 41));

        // 40 minutes behind the choice before, 20 behind the latest event.
        Assert.Equal([1.5f, 0.75f, 0.75f], ChoiceWeights.Of(log, [0, 2, 3], returnShare: 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Of_AsManyBeginningsAsWanted_LetsAllCountAlike(double share)
    {
        var log = Log((0, 0), (0, 60), (0, 61), (0, 62));

        Assert.Equal([1f, 1f, 1f, 1f], ChoiceWeights.Of(log, [0, 1, 2, 3], share));
    }

    private static InteractionLog Log(params (int User, int Minute)[] events) => Logs.Of(2, 5,
        [.. events.Select((e, at) => new LogEvent(e.Minute * Minute, e.User, at % 5, EventType.Click))]);
}
