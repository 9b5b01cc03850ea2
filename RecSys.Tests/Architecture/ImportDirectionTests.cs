namespace RecSys.Tests.Architecture;

public sealed class ImportDirectionTests
{
    public static TheoryData<string> Existing => [.. Capabilities.Existing];

    public static TheoryData<string> StandingOnDomain =>
        [.. Capabilities.Existing.Where(name => name is "Evaluation" or "Features" or "Models" or "Retrieval" or "Ranking" or "Storage")];

    [Fact]
    public void EveryFolder_OfCore_HasItsPlaceInTheMap() =>
        Assert.Empty(Capabilities.Existing.Except(Capabilities.Allowed.Keys));

    [Theory]
    [MemberData(nameof(Existing))]
    public void Capability_UsesOnlyWhatTheMapAllows(string capability)
    {
        var forbidden = Capabilities.ForbiddenFor(capability);

        Assert.NotEmpty(forbidden);
        Assert.Empty(Capabilities.Users(capability, forbidden));
    }

    // The rules above are worth something only if the search behind them finds a dependency that is there.
    [Theory]
    [MemberData(nameof(StandingOnDomain))]
    public void Search_ForADependencyThatExists_FindsIt(string capability) =>
        Assert.NotEmpty(Capabilities.Users(capability, "RecSys.Core.Domain"));

    [Fact]
    public void Map_HasNoCycle()
    {
        var settled = new HashSet<string>();
        while (settled.Count < Capabilities.Allowed.Count)
        {
            var next = Capabilities.Allowed.Where(entry => !settled.Contains(entry.Key) && entry.Value.All(settled.Contains)).Select(
                entry => entry.Key).ToList();
            Assert.NotEmpty(next);
            settled.UnionWith(next);
        }
    }

    [Fact]
    public void RecommendationsTrainingAndExperiments_NeverMayUseEachOther()
    {
        string[] three = ["Recommendations", "Training", "Experiments"];

        foreach (var one in three) Assert.Empty(Capabilities.Allowed[one].Intersect(three));
    }
}
