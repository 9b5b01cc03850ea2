using System.CommandLine;
using System.Text.Json;
using RecSys.Api.Commands.Bench;
using RecSys.Core.Features;

namespace RecSys.Tests.EndToEnd;

public sealed class FeatureBenchTests
{
    [Fact]
    public async Task Features_SmallWorld_MeasuresEveryFeatureWithoutAllocating()
    {
        var output = new StringWriter();

        var code = await FeatureBench.Create().Parse(["--items", "300", "--users", "100", "--candidates", "20", "--runs", "50"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        using var result = JsonDocument.Parse(output.ToString());
        Assert.Equal(FeatureCatalogue.Default.Count, result.RootElement.GetProperty("features").GetInt32());
        Assert.Equal(0, result.RootElement.GetProperty("alloc_bytes").GetDouble());
    }
}
