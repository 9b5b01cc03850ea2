using System.CommandLine;
using System.Text.Json;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench import-fuzz</c>: imports files of any shape and with any damage through each reader; exits with 1 when one crashes or loses a
/// row.
/// </summary>
internal static class ImportFuzzBench
{
    public static Command Create()
    {
        var seconds = CommonOptions.InRange(
            new Option<int>("--seconds") { Description = "How long, for each reader", DefaultValueFactory = _ => 60 }, 1, 86_400);
        var seed = CommonOptions.InRange(
            new Option<int>("--seed") { Description = "Seed of the generator", DefaultValueFactory = _ => 1 }, 0, int.MaxValue);
        var reader = new Option<string[]>("--reader") { Description = "Only these readers; may be repeated" };
        reader.AcceptOnlyFromAmong([.. ImportFuzzer.Readers]);
        var command = new Command("import-fuzz", "Damaged files through each reader: no crash, no row lost") { seconds, seed, reader };
        command.SetAction(async (arguments, ct) =>
        {
            var failed = false;
            foreach (var name in arguments.GetValue(reader) is { Length: > 0 } some ? some : [.. ImportFuzzer.Readers])
            {
                await using var fuzzer = await ImportFuzzer.StartAsync(name, arguments.GetValue(seed), ct);
                await fuzzer.RunAsync(int.MaxValue, TimeSpan.FromSeconds(arguments.GetValue(seconds)), ct);
                await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(new
                {
                    bench = "import-fuzz", reader = name, seconds = arguments.GetValue(seconds), seed = arguments.GetValue(seed),
                    files = fuzzer.Files, imported = fuzzer.Imported, rows = fuzzer.Rows, faults = fuzzer.Faults.Count,
                }));
                foreach (var fault in fuzzer.Faults) await Console.Error.WriteLineAsync(fault);
                failed |= fuzzer.Faults.Count > 0;
            }
            return failed ? 1 : 0;
        });
        return command;
    }
}
