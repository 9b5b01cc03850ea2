using System.CommandLine;
using System.Text.Json;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench fuzz</c>: starts a server of its own process on the given data and sends it wrong requests; exits with 1 when it answers one
/// badly.
/// </summary>
internal static class FuzzBench
{
    private static readonly string[] Reads =
        ["/recommend?user_id=u&num_items=5&device=mobile&location=SF&include=reasons,timing", "/popular?num_items=5",
            "/items/i/similar?num_items=5", "/livez", "/readyz", "/openapi/v1.json"];

    public static Command Create()
    {
        var seconds =
            CommonOptions.InRange(new Option<int>("--seconds") { Description = "How long", DefaultValueFactory = _ => 60 }, 1, 86_400);
        var seed = CommonOptions.InRange(new Option<int>("--seed") { Description = "Seed of the generator", DefaultValueFactory = _ => 1 },
            0, int.MaxValue);
        var writes = new Option<bool>("--writes") { Description =
            "The routes that write, too; the data are spoilt afterwards, so point --data at a copy" };
        var command = new Command("fuzz", "Wrong requests: no 5xx, no stack trace, every refusal a problem") { CommonOptions.Data, seconds,
            seed, writes };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var server = await ServerProcess.StartAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var fuzzer = new RequestFuzzer(
                server.Address,
                [.. Reads, .. arguments.GetValue(writes) ? RequestFuzzer.Writes : []],
                [DevelopmentKey.Issue("fuzz", arguments.GetValue(writes)
                    ? Scopes.All : [Scopes.RecommendRead, Scopes.Service], TimeSpan.FromDays(2)),
                    DevelopmentKey.Issue("u", [Scopes.RecommendRead], TimeSpan.FromDays(2))],
                arguments.GetValue(seed));
            await fuzzer.RunAsync(TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken);
            var output = arguments.InvocationConfiguration.Output;
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                bench = "fuzz",
                seconds = arguments.GetValue(seconds),
                seed = arguments.GetValue(seed),
                requests = fuzzer.Sent,
                statuses = fuzzer.Statuses,
                findings = fuzzer.Findings.Count,
                rss_mb = server.ResidentMegabytes,
            }));
            foreach (var finding in fuzzer.Findings) await Console.Error.WriteLineAsync(finding);
            return fuzzer.Findings.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
