using RecSys.Tests.Fixtures;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace RecSys.Tests.Deployment;

/// <summary>The rules of Prometheus in <c>deploy/</c>, read strictly: a field that no rule has is refused.</summary>
internal sealed class RuleFile
{
    public List<RuleGroup> Groups { get; set; } = [];

    /// <summary>The rules of all files.</summary>
    public static IReadOnlyList<PrometheusRule> All { get; } =
    [
        .. Directory.GetFiles(Repository.File("deploy/prometheus/rules"), "*.yml").Order(StringComparer.Ordinal)
            .SelectMany(path => Read(path).Groups).SelectMany(group => group.Rules),
    ];

    /// <summary>Those among them that alert.</summary>
    public static IReadOnlyList<PrometheusRule> Alerts { get; } = [.. All.Where(rule => rule.Alert is not null)];

    private static RuleFile Read(string path) => new DeserializerBuilder().WithNamingConvention(LowerCaseNamingConvention.Instance).Build()
        .Deserialize<RuleFile>(File.ReadAllText(path));

    internal sealed class RuleGroup
    {
        public string Name { get; set; } = "";
        public List<PrometheusRule> Rules { get; set; } = [];
    }

    internal sealed class PrometheusRule
    {
        public string? Alert { get; set; }
        public string? Record { get; set; }
        public string Expr { get; set; } = "";
        public string For { get; set; } = "0s";
        public Dictionary<string, string> Labels { get; set; } = [];
        public Dictionary<string, string> Annotations { get; set; } = [];

        public string Rule => Labels["rule"];
        public string Severity => Labels["severity"];

        public override string ToString() => Alert ?? Record ?? "";
    }
}
