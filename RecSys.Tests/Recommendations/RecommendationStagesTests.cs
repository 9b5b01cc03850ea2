using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Tests.Recommendations;

public sealed class RecommendationStagesTests
{
    private static readonly ListedStage One = new(typeof(FirstStage), TimeSpan.FromMilliseconds(3), FailurePolicy.FailOpen, "first_level",
        RequestPart.Matrix);
    private static readonly ListedStage Two = new(typeof(SecondStage), TimeSpan.FromMilliseconds(1), FailurePolicy.FailRequest, null,
        RequestPart.Prediction);

    [Fact]
    public void Find_AnyOrderOfRegistration_GivesTheOrderOfTheListWithItsTerms()
    {
        var found = RecommendationStages.Find([One, Two], [new SecondStage(), new FirstStage()]);

        Assert.Equal(["first", "second"], found.Select(entry => entry.Stage.Name));
        Assert.Equal((TimeSpan.FromMilliseconds(3), FailurePolicy.FailOpen, "first_level"),
            (found[0].Budget, found[0].OnFailure, found[0].DegradedAs));
    }

    [Fact]
    public void Find_ListedButNotRegistered_NamesTheStage() =>
        Assert.Contains(nameof(SecondStage), Refusal([One, Two], new FirstStage()), StringComparison.Ordinal);

    [Fact]
    public void Find_RegisteredButNotListed_NamesTheStage() =>
        Assert.Contains(nameof(SecondStage), Refusal([One], new FirstStage(), new SecondStage()), StringComparison.Ordinal);

    [Fact]
    public void Find_RegisteredTwice_NamesTheStage() =>
        Assert.Contains("FirstStage is registered 2 times", Refusal([One], new FirstStage(), new FirstStage()), StringComparison.Ordinal);

    [Fact]
    public void Find_ListedTwice_NamesTheStage() =>
        Assert.Contains("FirstStage", Refusal([One, One], new FirstStage()), StringComparison.Ordinal);

    [Fact]
    public void AddStages_TheList_RegistersEachOfItsStagesOnceAndNoOther()
    {
        var registered = new ServiceCollection().AddStages(new ConfigurationBuilder().Build())
            .Where(service => service.ServiceType == typeof(IStage)).Select(service => service.ImplementationType!.Name);

        Assert.Equal(RecommendationStages.InOrder.Select(entry => entry.Stage.Name).Order(), registered.Order());
    }

    private static string Refusal(IReadOnlyList<ListedStage> list, params IStage[] registered) =>
        Assert.Throws<RecSysException>(() => RecommendationStages.Find(list, registered)).Message;

    private sealed class FirstStage : IStage
    {
        public string Name => "first";
        public StageKind Kind => StageKind.Enrich;

        public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class SecondStage : IStage
    {
        public string Name => "second";
        public StageKind Kind => StageKind.Enrich;

        public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
