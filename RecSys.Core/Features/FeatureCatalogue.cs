using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RecSys.Core.Features;

/// <summary>The ordered list of all features; column <c>i</c> of every matrix is <c>Features[i]</c>.</summary>
public sealed class FeatureCatalogue
{
    /// <exception cref="ArgumentException">Two features have the same name.</exception>
    public FeatureCatalogue(IEnumerable<FeatureDefinition> features)
    {
        Features = [.. features];
        Names = [.. Features.Select(feature => feature.Name)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            if (!seen.Add(name)) throw new ArgumentException($"Two features are named {name}; names must be unique.", nameof(features));
        }
        CategoricalIndexes = [.. Enumerable.Range(0, Features.Count).Where(i => Features[i].Categorical)];
        Hash = Digest(Features);
    }

    /// <summary>Everything this version of the server computes: user, item, context, pair, in this order.</summary>
    public static FeatureCatalogue Default { get; } =
        new([.. UserFeatures.All, .. ItemFeatures.All, .. ContextFeatures.All, .. PairFeatures.All]);

    public IReadOnlyList<FeatureDefinition> Features { get; }
    public int Count => Features.Count;
    public IReadOnlyList<string> Names { get; }

    /// <summary>SHA-256, lower-case hex, over the ordered names, groups, units, kinds and versions.</summary>
    public string Hash { get; }

    /// <summary>Columns to declare as categorical to the trainer.</summary>
    public IReadOnlyList<int> CategoricalIndexes { get; }

    /// <summary>One line for each difference between this catalogue and a model's feature names; empty when they agree in order.</summary>
    public IReadOnlyList<string> DifferencesFrom(IReadOnlyList<string> otherNames)
    {
        var mine = Names.ToHashSet(StringComparer.Ordinal);
        var other = otherNames.ToHashSet(StringComparer.Ordinal);
        var differences = new List<string>();
        differences.AddRange(Names.Where(name => !other.Contains(name)).Select(name => $"{name}: only in the running catalogue"));
        differences.AddRange(otherNames.Where(name => !mine.Contains(name)).Select(name => $"{name}: only in the model"));
        differences.AddRange(otherNames.GroupBy(name => name, StringComparer.Ordinal).Where(names => names.Count() > 1)
            .Select(names => $"{names.Key}: {names.Count()} times in the model"));
        if (differences.Count > 0) return differences;
        for (var i = 0; i < Count; i++)
        {
            if (Names[i] != otherNames[i])
                differences.Add($"column {i}: {Names[i]} in the running catalogue, {otherNames[i]} in the model");
        }
        return differences;
    }

    /// <summary>The catalogue as a Markdown page with one table per group.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"# Features\n\n{Count} features, catalogue hash `{Hash}`. Generated from the catalogue; do not edit.\n");
        text.Append("\nCounts over a window are exponentially decayed with the window as time constant. Missing values are NaN.\n");
        foreach (var group in Enum.GetValues<FeatureGroup>())
        {
            var members = Features.Select((feature, column) => (feature, column)).Where(entry => entry.feature.Group == group).ToList();
            text.Append(CultureInfo.InvariantCulture,
                $"\n## {group} ({members.Count})\n\n| column | name | unit | default | kind | meaning |\n|---|---|---|---|---|---|\n");
            foreach (var (feature, column) in members)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {column} | `{feature.Name}` | {feature.Unit} | {feature.Default} | ")
                    .Append(feature.Categorical ? "category" : "number").Append(" | ").Append(
                        feature.Description.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
            }
        }
        return text.ToString();
    }

    private static string Digest(IEnumerable<FeatureDefinition> features)
    {
        var text = new StringBuilder();
        foreach (var f in features)
            text.Append(CultureInfo.InvariantCulture,
                $"{f.Name}\t{f.Group}\t{f.Unit}\t{(f.Categorical ? "category" : "number")}\t{f.Version}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
