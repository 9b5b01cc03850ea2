using System.Text.Json;
using RecSys.Api.Commands.Bench;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.EndToEnd;

[Collection(TorchCollection.Name)]
public sealed class ReplayBenchTests
{
    [Fact]
    public async Task Replay_SmallWorld_MeasuresIt()
    {
        var (output, console) = (new StringWriter(), Console.Out);
        Console.SetOut(output);
        try
        {
            Assert.Equal(0, await ReplayBench.Create().Parse(["--items", "600", "--users", "500", "--repeats", "1"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        }
        finally
        {
            Console.SetOut(console);
        }

        using var result = JsonDocument.Parse(output.ToString().Split('\n').Single(line => line.StartsWith('{')));
        Assert.Equal("replay", result.RootElement.GetProperty("bench").GetString());
    }
}
