using Microsoft.Extensions.Configuration;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

public sealed class SettingNamesTests
{
    [Theory]
    [InlineData("Training:Towers:MaxEpoch=1", "There is no setting Training:Towers:MaxEpoch; did you mean Training:Towers:MaxEpochs?")]
    [InlineData("training:towershar=0.5", "There is no setting Training:towershar; did you mean Training:TowerShare?")]
    [InlineData("Recomendations:Candidates=3",
        "There is no section Recomendations (Recomendations:Candidates=3); did you mean Recommendations?")]
    [InlineData("Lake:Bucket:Adress=https://b", "There is no setting Lake:Bucket:Adress; did you mean Lake:Bucket:Address?")]
    [InlineData("Seen:DedupDays:Hours=3", "There is no setting Seen:DedupDays:Hours; Seen:DedupDays is a single value.")]
    [InlineData("Training:Candidates=300", "Training:Candidates is no setting of its own: training uses as many candidates as serving.")]
    [InlineData("Training:Retrieval:Index=exact", "Training:Retrieval is no setting of its own: the index has the section Retrieval.")]
    [InlineData("Training:Nightly:Challengers:0:NumLeafs=7",
        "There is no setting Training:Nightly:Challengers:0:NumLeafs; did you mean Training:Nightly:Challengers:0:NumLeaves?")]
    [InlineData("Training:Nightly:Challengers:deep=7",
        "There is no setting Training:Nightly:Challengers:deep with a value of its own; write Training:Nightly:Challengers:deep:Name")]
    [InlineData("Training:Nightly:Challengers=deep",
        "There is no setting Training:Nightly:Challengers with a value of its own; write Training:Nightly:Challengers:0:Name")]
    [InlineData("Scenarios:cart:candidate=20", "There is no setting Scenarios:cart:candidate; did you mean candidates?")]
    [InlineData("Scenario:cart:candidates=20", "There is no section Scenario (Scenario:cart:candidates=20); did you mean Scenarios?")]
    [InlineData("Training:Schedule=0 0 * * *",
        "There is no setting Training:Schedule with a value of its own; it is a section, which has Cron, TimeZone, JitterMinutes, ")]
    [InlineData("Training:Nightly=7", "There is no setting Training:Nightly with a value of its own; it is a section, which has Days, ")]
    [InlineData("Rollout:Mode=sometimes", "Rollout:Mode must be immediate or staged, not \"sometimes\".")]
    [InlineData("Rollout:Mode=7", "Rollout:Mode must be immediate or staged, not \"7\".")]
    [InlineData("Training:Nightly:Days=many", "Training:Nightly:Days must be a whole number, not \"many\".")]
    [InlineData("Training:Nightly:Refit=maybe", "Training:Nightly:Refit must be true or false, not \"maybe\".")]
    [InlineData("Training:TuneBudget=soon", "Training:TuneBudget must be a time span such as 00:10:00, not \"soon\".")]
    [InlineData("Training:Nightly:TrainShare=half", "Training:Nightly:TrainShare must be a number, not \"half\".")]
    [InlineData("Colours:Sky=blue", "There is no section Colours (Colours:Sky=blue); there are Storage, Lake, ")]
    public void Check_SettingThatDoesNotExist_IsRefusedWithTheNearestName(string assignment, string expected)
    {
        var refusal = Assert.Throws<RecSysException>(() => SettingNames.Check(Settings.Load([assignment]), [assignment]));

        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Training:Towers:MaxEpochs=1")]
    [InlineData("Authentication:PublicKeyFiles:0=key.pem")]
    [InlineData("Training:TuneBudget=00:10:00")]
    [InlineData("Training:TuneBudget=")]
    [InlineData("Rollout:Mode=STAGED")]
    [InlineData("Training:Gate:MinAucGain=Infinity")]
    [InlineData("Training:Nightly:Challengers:0:NumLeaves=7")]
    [InlineData("Limits:Recommend:PerSecond=3")]
    [InlineData("Scenarios:cart:candidates=20")]
    [InlineData("Logging:LogLevel:Default=Warning")]
    public void Check_SettingThatExists_IsTaken(string assignment) =>
        Assert.Empty(SettingNames.Check(Settings.Load([assignment]), [assignment]));

    [Fact]
    public void Check_File_MayHaveSectionsOfOthersButNoMisspeltOnes()
    {
        using var folder = new TemporaryFolder();
        var foreign = folder.Path + "/foreign.json";
        File.WriteAllText(foreign, """{ "Kestrel": { "Limits": { "x": 1 } }, "AllowedHosts": "*" }""");
        var misspelt = folder.Path + "/misspelt.json";
        File.WriteAllText(misspelt, """{ "Recomendations": { "Candidates": 3 } }""");

        Assert.Empty(SettingNames.Check(new ConfigurationBuilder().AddJsonFile(foreign).Build(), []));
        Assert.Contains("did you mean Recommendations?", Assert.Throws<RecSysException>(
            () => SettingNames.Check(new ConfigurationBuilder().AddJsonFile(misspelt).Build(), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EnvironmentOfOtherPrograms_IsLetAlone()
    {
        // A prefix of its own keeps the variables from tests that run beside this one.
        Environment.SetEnvironmentVariable("RSN1_SHELL", "bash");
        Environment.SetEnvironmentVariable("RSN1_Grafana__Port", "3");
        Environment.SetEnvironmentVariable("RSN1_Recomendations__Candidates", "3");
        Environment.SetEnvironmentVariable("RSN2_Training__Towers__MaxEpoch", "1");

        var remark = Assert.Single(SettingNames.Check(new ConfigurationBuilder().AddEnvironmentVariables("RSN1_").Build(), []));
        Assert.Contains("for the section Recommendations write Recommendations__*", remark, StringComparison.Ordinal);
        // A section of the program is the program's, wherever it is written.
        Assert.Throws<RecSysException>(
            () => SettingNames.Check(new ConfigurationBuilder().AddEnvironmentVariables("RSN2_").Build(), []));
    }

    [Fact]
    public void Sections_AreAllThatTheProgramHas() =>
        Assert.Equal(SettingsTests.Sections.Select(row => row.Data), SettingNames.Sections.Keys.Order(StringComparer.Ordinal));
}
