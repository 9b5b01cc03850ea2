using System.Text.Json;
using RecSys.Api.Commands.Bench;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class LoadBenchTests(ServerFixture server)
{
    [Fact]
    public async Task Load_SmallRate_MeasuresAServerOfItsOwn()
    {
        await server.StartAsync();
        var (output, console) = (new StringWriter(), Console.Out);
        Console.SetOut(output);
        try
        {
            Assert.Equal(0, await LoadBench.Create().Parse(["--data", server.DataFolder, "--rate", "20", "--seconds", "1"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        }
        finally
        {
            Console.SetOut(console);
        }

        var line = output.ToString().Split('\n').Single(line => line.StartsWith("{\"bench\":\"load\"", StringComparison.Ordinal));
        using var result = JsonDocument.Parse(line);
        Assert.Equal((20, 0), (result.RootElement.GetProperty("requests").GetInt32(), result.RootElement.GetProperty("failed").GetInt32()));
        Assert.Equal(2, result.RootElement.GetProperty("stages").GetProperty("retrieve").GetArrayLength());
        Assert.True(result.RootElement.GetProperty("start_s").GetDouble() > 0);
        Assert.True(result.RootElement.GetProperty("cpu_ms_per_request").GetDouble() > 0);
    }
}
