using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Documentation;

/// <summary>What the pages say about the program is what the program is.</summary>
public sealed class ReadmeTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private ServingState state = null!;
    private WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        state = await BareServer.StateOverAsync(folder.Path);
        app = ApiServer.Build(ServerSettings.Within(folder.Path), state);
    }

    public static TheoryData<string> EveryPage => [.. Pages.All];

    [Theory]
    [MemberData(nameof(EveryPage))]
    public void Links_ToFiles_LeadToFiles(string page)
    {
        var folderOfPage = Path.GetDirectoryName(Repository.File(page))!;
        var broken = Pages.Links(page).Select(target => target.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folderOfPage, target)));

        Assert.Empty(broken);
    }

    [Fact]
    public void Readme_LinksToEveryPage()
    {
        var links = Pages.Links("README.md").ToHashSet();

        var missed = Pages.All.Where(page => page != "README.md" && !links.Contains(page) && !links.Contains(Path.GetDirectoryName(page)!));
        Assert.Equal([], missed);
    }

    [Fact]
    public void Readme_RequestPath_IsTheListOfStages()
    {
        var numbered = Pages.TableRows("README.md", "## The request path").Where(cells => int.TryParse(cells[0], out _)).ToList();

        Assert.Equal(Enumerable.Range(1, numbered.Count), numbered.Select(cells => int.Parse(cells[0], null)));
        Assert.Equal(Stages().Select(entry => $"`{entry.Stage.Name}`"), numbered.Select(cells => cells[1]));
    }

    [Fact]
    public void Architecture_TableOfFailures_IsTheListOfStages()
    {
        var rows = Pages.TableRows("docs/architecture.md", "### When a stage fails").Where(cells => cells[0].StartsWith('`'));

        Assert.Equal(Stages().Select(Terms), rows.Select(cells => string.Join(" | ", cells)));
    }

    [Fact]
    public void Monitoring_TableOfParts_IsTheListOfStages()
    {
        var rows = Pages.TableRows("docs/monitoring.md", "## Latency windows").Where(cells => cells[0].StartsWith('`'))
            .ToDictionary(cells => cells[0].Trim('`'), cells => cells[1]);

        Assert.Equal(["total", .. RequestParts.Names, "unattributed"], rows.Keys);
        foreach (var part in Stages().GroupBy(entry => entry.Part))
            Assert.Equal(string.Join(", ", part.Select(entry => $"`{entry.Stage.Name}`")), rows[RequestParts.Names[(int)part.Key]]);
    }

    [Fact]
    public void Readme_Routes_AreThoseOfTheServer()
    {
        var served = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => Methods(route).Where(method => method != "HEAD")
                .Select(method => $"`{method} /{route.RoutePattern.RawText!.TrimStart('/')}`"));
        var written = Pages.TableRows("README.md", "## Routes").Select(cells => cells[0]).Where(cell => cell.StartsWith('`'));

        Assert.Equal(served.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await state.DisposeAsync();
        folder.Dispose();
    }

    private IReadOnlyList<StageEntry> Stages() =>
        RecommendationStages.Find(RecommendationStages.InOrder, app.Services.GetServices<IStage>());

    private static string Terms(StageEntry entry)
    {
        var says = entry switch
        {
            { OnFailure: FailurePolicy.FailRequest } => "the level of the fallback",
            _ => $"`{entry.DegradedAs ?? entry.Stage.Name}`",
        };
        return FormattableString.Invariant(
            $"`{entry.Stage.Name}` | {entry.Stage.Kind} | {entry.Budget.TotalMilliseconds} ms | {entry.OnFailure} | {says}");
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];
}
