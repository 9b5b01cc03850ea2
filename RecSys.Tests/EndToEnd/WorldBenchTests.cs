using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Commands.Bench;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

public sealed class WorldBenchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task World_SmallOne_CanBeServedAndKnowsMostUsers()
    {
        using var folder = new TemporaryFolder();
        var data = folder["world"];
        var output = new StringWriter();

        Assert.Equal(0, await Create(data).InvokeAsync(new InvocationConfiguration { Output = output }, Ct));

        using var result = JsonDocument.Parse(output.ToString());
        Assert.Equal((2000, "exact"), (result.RootElement.GetProperty("items").GetInt32(), result.RootElement.GetProperty("index").GetString()));
        var settings = ServerSettings.Within(data);
        var state = await ServingState.LoadAsync(settings, null, Ct);
        await using var app = ApiServer.Build(settings, state);
        await ApiServer.StartAsync(app, settings, Ct);
        var recommender = app.Services.GetRequiredService<Recommender>();
        var personal = 0;
        foreach (var user in state.Live.UserIds.Order(StringComparer.Ordinal).Take(100))
        {
            var context = await recommender.RecommendAsync(new RecommendationRequest(user, 20), Ct);
            Assert.Equal(20, context.Candidates.Count);
            personal += context.Degraded.Contains("popular") ? 0 : 1;
            recommender.Complete(context);
        }
        Assert.InRange(personal, 70, 100);
        await app.StopAsync(Ct);
    }

    [Fact]
    public async Task World_FolderOfSomebodyElse_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["precious.txt"], "mine", Ct);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => Create(folder.Path).InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Ct));

        Assert.Contains("--data", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["precious.txt"]));
    }

    private static ParseResult Create(string folder) =>
        WorldBench.Create().Parse(["--data", folder, "--items", "2000", "--users", "500", "--max-impressions", "20000"]);
}
