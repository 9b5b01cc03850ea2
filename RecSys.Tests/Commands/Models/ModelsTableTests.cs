using RecSys.Api.Commands.Models;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.Commands.Models;

/// <summary>Figures of versions stand beside one another only where they are of the same rows.</summary>
public sealed class ModelsTableTests
{
    private static readonly DateOnly day = new(2026, 3, 6);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_VersionsThatANightJudgedWithTheChampion_AreShownBesideIt()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, day, publication: new PublicationFile("v1.0.2", true, "v1.0.1", "judged"));

        var lines = ModelsTable.List(
            [Version("v1.0.2", ModelState.Champion), Version("v1.0.1", ModelState.Retired), Version("v0.9.0", ModelState.Retired)],
            await JudgedAsync(folder)).ToList();

        Assert.Contains("own auc 0.8000", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "5 items  auc 0.7000 (champion 0.7200)  ndcg@10 0.0900 (champion 0.0800)  on the same rows, night of 2026-03-06", lines[1],
            StringComparison.Ordinal);
        Assert.Contains("own auc 0.8000", lines[2], StringComparison.Ordinal);
        Assert.Contains("not comparable", lines[3], StringComparison.Ordinal);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public async Task Diff_TwoThatANightJudged_ShowsItsFiguresFirst()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, day, publication: new PublicationFile("v1.0.2", true, "v1.0.1", "judged"));
        // A later night judged neither with the other.
        await WriteAsync(folder, day.AddDays(1), publication: new PublicationFile(null, false, "v1.0.2"), champion: "v1.0.2");
        var comparison = Compared("v1.0.1", "v1.0.2");
        var nights = await JudgedAsync(folder);

        var lines = ModelsTable.Diff(comparison, JudgedNight.OfBoth(nights, "v1.0.1", "v1.0.2")).ToList();
        var without = ModelsTable.Diff(comparison, JudgedNight.OfBoth(nights, "v1.0.2", "v9.9.9")).ToList();

        Assert.Equal(2, nights.Count);
        Assert.Contains("figures on the same test rows (night of 2026-03-06, 1,234 impressions, 56 choices)", lines);
        Assert.Contains(lines, line => line.StartsWith("  auc", StringComparison.Ordinal)
            && line.EndsWith("0.7000  0.7200  +0.0200", StringComparison.Ordinal));
        Assert.Contains("no night judged both on the same test rows", without);
        Assert.Contains(without, line => line.EndsWith("not comparable", StringComparison.Ordinal));
        // Of figures that are not comparable there is no difference.
        Assert.Contains(without, line => line.TrimEnd().EndsWith("0.8000  0.8000", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("refitted", new[] { "v1.0.1", "v1.0.3" })]
    [InlineData("judged", new[] { "v1.0.1", "v1.0.2", "v1.0.3" })]
    [InlineData(null, new[] { "v1.0.1" })]
    public async Task Judged_RefittedModel_IsNotTheOneThatWasJudged(string? model, string[] expected)
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, day, publication: new PublicationFile(model is null ? null : "v1.0.2", model is not null, "v1.0.1", model)
        {
            Others = model is null ? null : [new PublishedChallenger("deep", "v1.0.3")],
        });

        Assert.Equal(expected, (await JudgedAsync(folder)).Single().Versions.Keys.Order(StringComparer.Ordinal));
    }

    private static Task<IReadOnlyList<JudgedNight>> JudgedAsync(TemporaryFolder folder) =>
        new NightArchive(folder.Path).JudgedAsync(30, Ct);

    private static async Task WriteAsync(
        TemporaryFolder folder, DateOnly day, PublicationFile publication, string champion = "v1.0.1")
    {
        var night = new NightFolder(folder["nights"], day);
        Directory.CreateDirectory(night.Root);
        await NightJson.WriteAsync(night[NightFiles.Evaluation], new NightEvaluation
        {
            Against = JudgedModel.Champion, Metrics = [], Impressions = 1234, Choices = 56,
            Models =
            [
                Row(JudgedModel.Popular, null, 0.6, 0.05), Row(JudgedModel.Champion, champion, 0.70, 0.09),
                Row(JudgedModel.Challenger, "challenger", 0.72, 0.08), Row("deep", "challenger", 0.71, 0.07),
            ],
        }, Ct);
        await NightJson.WriteAsync(night[NightFiles.Publication], publication, Ct);
    }

    private static JudgedFigures Row(string name, string? version, double auc, double ndcg) => new(
        name, version, new Dictionary<string, double> { ["auc"] = auc, ["ndcg@10"] = ndcg },
        new Dictionary<string, Core.Evaluation.Interval>());

    private static BundleManifest Manifest(string version) => TestBundles.Draft() with
    {
        Version = version, Metrics = new Dictionary<string, double> { ["ranker.valid_auc"] = 0.8 },
    };

    private static ModelComparison Compared(string first, string second) =>
        ModelComparison.Of(Manifest(first), Manifest(second), null, null);

    private static ModelVersion Version(string version, ModelState state) => new(
        version, new ModelRecord(version, state, DateTimeOffset.UnixEpoch, 1, new ModelLineage(), null, "ada", "r", Collected: false),
        BundleCondition.Valid, null, Manifest(version));
}
