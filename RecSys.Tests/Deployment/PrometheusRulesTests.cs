using System.Globalization;
using System.Text.RegularExpressions;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Tests.Documentation;

namespace RecSys.Tests.Deployment;

/// <summary>What Prometheus alerts on is what the server alerts on, and both are explained in the runbook.</summary>
public sealed partial class PrometheusRulesTests
{
    // What only somebody outside can see.
    private static readonly string[] OutsideAlone = ["alerts_undelivered", "burn_availability", "burn_latency", "service_down"];

    public static TheoryData<string> Rules => [.. AlertRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_HasTheSameThresholdsAndDurationsOutside(string name)
    {
        var rule = AlertRules.All.Single(each => each.Name == name);
        var outside = RuleFile.Alerts.Where(alert => alert.Rule == name).ToDictionary(alert => alert.Severity);

        var levels = new[] { AlertLevel.Yellow, AlertLevel.Red }.Where(level => rule.Threshold(level) is not null).ToList();
        Assert.Equal(levels.Select(level => level.Name()).Order(), outside.Keys.Order());
        foreach (var level in levels)
        {
            var alert = outside[level.Name()];
            var (comparison, threshold) = EndOf(alert.Expr);
            Assert.Equal(rule.Threshold(level)!.Value, threshold, 12);
            Assert.Equal(rule.Direction == AlertDirection.Above ? ">=" : "<=", comparison);
            Assert.Equal(rule.Hold, DurationOf(alert.For));
            Assert.Equal(rule.Runbook, alert.Annotations["runbook"]);
            Assert.EndsWith(level.Name(), alert.Alert, StringComparison.OrdinalIgnoreCase);
            // A rule that is no ratio of counters reads what the server says it read.
            if (alert.Expr.Contains("recsys_alert_value", StringComparison.Ordinal))
                Assert.StartsWith($"recsys_alert_value{{rule=\"{name}\"}} ", alert.Expr, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rules_Outside_AreThoseOfTheServerAndTheKnownOthers() => Assert.Equal(
        AlertRules.All.Select(rule => rule.Name).Concat(OutsideAlone).Order(StringComparer.Ordinal),
        RuleFile.Alerts.Select(alert => alert.Rule).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Runbook_HasASectionForEveryAlert_WithAllThatSomebodyNeedsAtNight()
    {
        var sections = Section().Matches(Pages.Read("docs/runbook.md")).ToDictionary(match => match.Groups["rule"].Value,
            match => match.Groups["text"].Value);

        Assert.Equal(RuleFile.Alerts.Select(alert => alert.Rule).Distinct().Order(StringComparer.Ordinal),
            sections.Keys.Order(StringComparer.Ordinal));
        Assert.All(sections, section => Assert.All((string[])["**Means**", "**First look**", "**Likely**", "**Do**"],
            word => Assert.True(section.Value.Contains(word, StringComparison.Ordinal), $"{section.Key} lacks {word}.")));
        Assert.All(RuleFile.Alerts, alert => Assert.Equal($"docs/runbook.md#alert-{alert.Rule}", alert.Annotations["runbook"]));
    }

    [Fact]
    public void MonitoringPage_HasTheThresholds()
    {
        var rows = Pages.TableRows("docs/monitoring.md", "## Alerts").Where(cells => cells[0].StartsWith('`'))
            .Select(cells => string.Join(" | ", cells[0], cells[2], cells[3], cells[4])).ToList();

        Assert.Equal(
            AlertRules.All.Select(rule => $"`{rule.Name}` | {rule.Format(rule.Yellow)} | "
                + $"{(rule.Red is { } red ? rule.Format(red) : "–")} | "
                + (rule.Hold == TimeSpan.Zero ? "–" : $"{rule.Hold.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s")),
            rows);
    }

    [Fact]
    public async Task Promtool_FindsRulesAndTheirTestsInOrder()
    {
        Assert.Equal(0, await SaidAsync(MonitoringTools.Promtool, "deploy/prometheus", "check", "config", "prometheus.yml"));
        Assert.Equal(0, await SaidAsync(MonitoringTools.Promtool, "deploy/prometheus", "test", "rules", "tests/recsys.yml"));
        Assert.Equal(0, await SaidAsync(MonitoringTools.Amtool, "deploy/alertmanager", "check-config", "alertmanager.yml"));
    }

    [Theory]
    [InlineData("severity=yellow", "slack")]
    [InlineData("severity=red", "pagerduty,slack")]
    [InlineData("severity=none", "slack")]
    public async Task Alertmanager_SendsYellowToChat_AndRedToThePagerToo(string label, string receivers)
    {
        var (code, said) = await MonitoringTools.RunAsync(
            MonitoringTools.Amtool, "deploy/alertmanager", "config", "routes", "test", "--config.file=alertmanager.yml", label);

        Assert.Equal((0, receivers), (code, said.Split('\n')[0]));
    }

    private static async Task<int> SaidAsync(string program, string folder, params string[] arguments)
    {
        var (code, said) = await MonitoringTools.RunAsync(program, folder, arguments);
        Assert.True(code == 0, said);
        return code;
    }

    private static (string Comparison, double Threshold) EndOf(string expression)
    {
        var match = Comparison().Match(expression);
        Assert.True(match.Success, expression);
        return (match.Groups["sign"].Value, double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    private static TimeSpan DurationOf(string text) => text[^1] switch
    {
        's' => TimeSpan.FromSeconds(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        'm' => TimeSpan.FromMinutes(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"A duration such as 30s was expected, not {text}."),
    };

    [GeneratedRegex(@"(?<sign>[<>]=?) (?<number>[0-9.]+)$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^### alert-(?<rule>[a-z0-9_]+)\n(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
