using Microsoft.Extensions.Configuration;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

/// <summary><c>Training:Nightly:Challengers</c>, as it is written.</summary>
public sealed class ChallengerSettingsTests
{
    [Fact]
    public void Read_ChallengersWithSettings_ChangesThoseAndNoOther()
    {
        var options = Read("0:Name=deep-2", "0:NumLeaves=127", "0:LambdaL2=0.5", "1:Name=a", "1:MaxBin=63");

        var challengers = Challenger.Of(options.Nightly);
        var (deep, first) = (challengers.Single(one => one.Name == "deep-2"), challengers[0]);
        Assert.Equal(["challenger", "a", "deep-2"], challengers.Select(one => one.Name));
        Assert.Equal(options.Ranker with { NumLeaves = 127, LambdaL2 = 0.5 }, deep.Over(options).Ranker);
        Assert.Equal(options.ChoiceRanker with { NumLeaves = 127, LambdaL2 = 0.5 }, deep.Over(options).ChoiceRanker);
        Assert.Equal("NumLeaves 127, LambdaL2 0.5", deep.Settings);
        Assert.Same(options, first.Over(options));
        Assert.Equal(("gate.json", "challengers/deep-2/gate.json"), (first["gate.json"], deep["gate.json"]));
    }

    // Whoever gives LightGBM a new option decides whether challengers may set it.
    [Fact]
    public void Options_OfAChallenger_AreThoseOfTheRankerThatShapeTheModel()
    {
        string[] notOfTheModel =
        [
            nameof(LightGbmOptions.Objective), nameof(LightGbmOptions.UseMissing), nameof(LightGbmOptions.ZeroAsMissing),
            nameof(LightGbmOptions.Seed), nameof(LightGbmOptions.Threads), nameof(LightGbmOptions.ProgressEvery),
            nameof(LightGbmOptions.Deterministic),
        ];
        string[] names = [.. typeof(ChallengerOptions).GetProperties().Select(property => property.Name).Where(name => name != "Name")];

        Assert.Equal(typeof(LightGbmOptions).GetProperties().Select(property => property.Name).Except(notOfTheModel), names);
        foreach (var name in names)
        {
            var options = Read("0:Name=one", $"0:{name}={(name.EndsWith("Fraction", StringComparison.Ordinal) ? "0.5" : "7")}");
            Assert.StartsWith($"{name} ", Challenger.Of(options.Nightly)[1].Settings, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("each needs a Name", "0:NumLeaves=7")]
    [InlineData("letters A to Z, digits and '-'", "0:Name=../up", "0:NumLeaves=7")]
    [InlineData("at most 32 characters", "0:Name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0:NumLeaves=7")]
    [InlineData("NumLeaves must be between 2 and 65535", "0:Name=one", "0:NumLeaves=1")]
    [InlineData("FeatureFraction must be between", "0:Name=one", "0:FeatureFraction=2")]
    [InlineData("Champion is the name of another model", "0:Name=Champion", "0:NumLeaves=7")]
    [InlineData("ONE is there twice", "0:Name=one", "0:NumLeaves=7", "1:Name=ONE", "1:NumLeaves=8")]
    [InlineData("one has the settings of Training:Ranker and Training:ChoiceRanker", "0:Name=one", "0:NumLeaves=31")]
    [InlineData("one and two have the same settings", "0:Name=one", "0:NumLeaves=7", "1:Name=two", "1:NumLeaves=7")]
    [InlineData("has 5 entries, and a night has at most 4", "0:Name=a", "0:NumLeaves=7", "1:Name=b", "1:NumLeaves=8", "2:Name=c",
        "2:NumLeaves=9", "3:Name=d", "3:NumLeaves=10", "4:Name=e", "4:NumLeaves=11")]
    public void Read_ListThatCannotBeUsed_IsRefusedWithWhatToDo(string expected, params string[] settings)
    {
        var refusal = Assert.Throws<RecSysException>(() => Read(settings));

        Assert.StartsWith("The settings of section Training", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    // Training:Ranker has 10 and 600 already, Training:ChoiceRanker 1 and 400: a log without impressions makes other models of these.
    [Fact]
    public void Read_ChallengersThatDifferInTheRankerOfChoicesAlone_AreTaken()
    {
        var options = Read("0:Name=smooth", "0:LambdaL2=10", "1:Name=both", "1:LambdaL2=10", "1:NumTrees=600");

        Assert.Equal(["both", "smooth"], options.Nightly.Challengers.Select(one => one.Name).Order());
        Assert.All(options.Nightly.Challengers, one => Assert.Equal(options.Ranker, one.Over(options.Ranker)));
        Assert.Equal([600, 400], Challenger.Of(options.Nightly).Skip(1).Select(one => one.Over(options).ChoiceRanker.NumTrees));
    }

    private static TrainingOptions Read(params string[] settings) => SectionReader.Read<TrainingOptions>(
        new ConfigurationBuilder()
            .AddJsonFile(Repository.File("appsettings.json"))
            .AddInMemoryCollection(settings.Select(setting => setting.Split('=')).Select(pair =>
                KeyValuePair.Create<string, string?>($"Training:Nightly:Challengers:{pair[0]}", pair[1])))
            .Build(),
        "Training");
}
