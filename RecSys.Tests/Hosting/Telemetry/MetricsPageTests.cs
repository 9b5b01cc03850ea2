using System.Diagnostics.Metrics;
using System.Reflection;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Metrics;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting.Telemetry;

public sealed class MetricsPageTests
{
    [Fact]
    public async Task MetricsPage_IsWhatTheCodeSays() => Assert.Equal(
        MetricsPage.ToMarkdown(),
        await File.ReadAllTextAsync(Repository.File("docs/metrics.md"), TestContext.Current.CancellationToken));

    [Fact]
    public void EveryClassOfInstruments_IsListed()
    {
        var classes = new[] { typeof(Item).Assembly, typeof(MetricsPage).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(constructor => constructor.GetParameters() is [{ ParameterType: var first }] && first == typeof(IMeterFactory)));

        Assert.Equal(classes.OrderBy(type => type.Name), Meters.Own.Keys.OrderBy(type => type.Name));
    }

    [Fact]
    public void EveryInstrument_IsExportedAndSaysWhatItIs() => Assert.All(MetricsPage.Instruments(), instrument =>
    {
        Assert.StartsWith("recsys_", instrument.Name, StringComparison.Ordinal);
        Assert.Contains(instrument.Meter.Name, Meters.OwnNames);
        Assert.False(string.IsNullOrEmpty(instrument.Description));
        Assert.NotNull(InstrumentNotes.Of(instrument));
    });
}
