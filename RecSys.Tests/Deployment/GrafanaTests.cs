using System.Text.Json;
using System.Text.RegularExpressions;
using RecSys.Tests.Documentation;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Deployment;

/// <summary>Whatever a dashboard, a rule or an autoscaler asks for is measured.</summary>
public sealed partial class GrafanaTests
{
    // Prometheus' own, and conventions of OpenTelemetry that the page of metrics names by their beginning.
    private static readonly string[] Others = ["up", "process_cpu_time_seconds_total", "process_memory_usage_bytes"];

    public static TheoryData<string> Dashboards =>
        [.. Directory.GetFiles(Repository.File("deploy/grafana/dashboards"), "*.json").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboard_AsksForWhatIsMeasured(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.File($"deploy/grafana/dashboards/{file}")));
        var panels = json.RootElement.GetProperty("panels").EnumerateArray().ToList();
        var expressions = panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!).ToList();

        Assert.True(panels.Count >= 8);
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal([], expressions.SelectMany(MetricsOf).Where(metric => !IsMeasured(metric)));
        // Every panel shows something, all of it from one source.
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
        Assert.Equal(["prometheus"], panels.Select(panel => panel.GetProperty("datasource").GetProperty("uid").GetString()).Distinct());
    }

    [Fact]
    public void Rules_AskForWhatIsMeasured() =>
        Assert.Equal([], RuleFile.All.SelectMany(rule => MetricsOf(rule.Expr)).Where(metric => !IsMeasured(metric)));

    [Theory]
    [InlineData("recsys_nothing_total", false)]
    [InlineData("recsys_stage_duration_seconds_bucket", true)]
    [InlineData("recsys_stage_duration_seconds", true)]
    [InlineData("recsys_log_position_bucket", false)]
    public void IsMeasured_KnowsWhatIsNot(string metric, bool expected) => Assert.Equal(expected, IsMeasured(metric));

    private static IEnumerable<string> MetricsOf(string expression) =>
        Metric().Matches(Quoted().Replace(expression, "\"\"")).Select(match => match.Value)
            .Where(name => name.Contains('_', StringComparison.Ordinal) && !Words.Contains(name)).Distinct();

    // Functions, and labels that an expression groups by.
    private static readonly HashSet<string> Words = ["histogram_quantile", "group_left", "http_route", "http_response_status_code"];

    private static bool IsMeasured(string metric)
    {
        var rows = Pages.Read("docs/metrics.md");
        if (Others.Contains(metric) || rows.Contains($"| `{metric}` |", StringComparison.Ordinal)) return true;
        var suffix = new[] { "_bucket", "_sum", "_count" }.FirstOrDefault(end => metric.EndsWith(end, StringComparison.Ordinal));
        if (suffix is null) return false;
        var family = metric[..^suffix.Length];
        return rows.Contains($"| `{family}` | histogram |", StringComparison.Ordinal)
            || (family.StartsWith("http_server_", StringComparison.Ordinal) && rows.Contains($"`{family}`", StringComparison.Ordinal));
    }

    // Names of recording rules have colons.
    [GeneratedRegex(@"(?<![A-Za-z0-9_:$])[a-z][a-z0-9_]*(?![A-Za-z0-9_:])")]
    private static partial Regex Metric();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
