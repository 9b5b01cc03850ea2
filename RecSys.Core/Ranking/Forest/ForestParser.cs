using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.Forest;

/// <summary>
/// Reads LightGBM's text format, versions 2 to 4: a header, one section per tree, <c>end of trees</c>, and notes that are not read.
/// </summary>
internal ref struct ForestParser
{
    private const int MaxFeatures = 100_000;
    private const int MaxTrees = 100_000;

    private static readonly string[] HeaderKeys =
    [
        "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective", "feature_names",
        "monotone_constraints", "feature_infos", "tree_sizes",
    ];

    private ReadOnlySpan<char> rest;

    private ForestParser(ReadOnlySpan<char> text) => rest = text;

    /// <exception cref="RecSysException">The text is damaged or uses something that is not supported.</exception>
    public static (string[] FeatureNames, DecisionTree[] Trees) Parse(ReadOnlySpan<char> text) => new ForestParser(text).Read();

    private (string[] FeatureNames, DecisionTree[] Trees) Read()
    {
        if (!NextLine(out var line) || line is not "tree") throw Damaged("does not start with the line 'tree'");
        var header = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            if (!NextLine(out line)) throw Damaged("ends within its header");
            if (line.StartsWith("Tree=", StringComparison.Ordinal) || line is "end of trees") break;
            if (line is "average_output") throw Unsupported("average_output (random forest)");
            Add(header, line, HeaderKeys, "header");
        }

        var names = Header(header);
        var trees = new List<DecisionTree>();
        while (line is not "end of trees")
        {
            if (Int(line["Tree=".Length..], "Tree") != trees.Count) throw Damaged($"has '{Shown(line)}' where tree {trees.Count} belongs");
            if (trees.Count == MaxTrees) throw Unsupported($"more than {MaxTrees} trees");
            var section = new Dictionary<string, string>(StringComparer.Ordinal);
            while (true)
            {
                if (!NextLine(out line)) throw Damaged($"ends within tree {trees.Count}, without 'end of trees'");
                if (line.StartsWith("Tree=", StringComparison.Ordinal) || line is "end of trees") break;
                Add(section, line, TreeSection.Keys, $"tree {trees.Count}");
            }
            trees.Add(new TreeSection(section, trees.Count, names.Length).Read());
        }
        if (header.TryGetValue("tree_sizes", out var sizes) && sizes.AsSpan().Count(' ') + (sizes.Length > 0 ? 1 : 0) != trees.Count)
            throw Damaged($"has {trees.Count} trees, but its header announces another number");
        if (trees.Count == 0) throw Damaged("has no tree");
        // Finite leaves could still add up to infinity.
        if (!double.IsFinite(trees.Sum(tree => tree.LeafValues.Max(Math.Abs)))) throw Damaged("has leaf values that add up to infinity");
        return (names, [.. trees]);
    }

    private static string[] Header(Dictionary<string, string> header)
    {
        var version = Required(header, "version");
        if (version is not ("v2" or "v3" or "v4")) throw Unsupported($"version {Shown(version)}");
        foreach (var key in (ReadOnlySpan<string>)["num_class", "num_tree_per_iteration"])
        {
            if (header.TryGetValue(key, out var value) && value != "1") throw Unsupported($"{key}={Shown(value)} (multiclass)");
        }
        var features = Int(Required(header, "max_feature_idx"), "max_feature_idx") + 1L;
        if (features is < 1 or > MaxFeatures) throw Damaged($"has max_feature_idx={features - 1}, outside 0 to {MaxFeatures - 1}");
        var names = Required(header, "feature_names").Split(' ');
        if (names.Length != features) throw Damaged($"names {names.Length} features, but has max_feature_idx={features - 1}");
        return names;
    }

    private static void Add(Dictionary<string, string> section, ReadOnlySpan<char> line, ReadOnlySpan<string> known, string where)
    {
        var equals = line.IndexOf('=');
        var key = equals < 0 ? line : line[..equals];
        var at = -1;
        for (var i = 0; i < known.Length && at < 0; i++) at = key.SequenceEqual(known[i]) ? i : -1;
        if (at < 0 || equals < 0) throw Damaged($"has the unknown line '{Shown(line)}' in {where}");
        if (!section.TryAdd(known[at], line[(equals + 1)..].ToString())) throw Damaged($"has '{known[at]}' twice in {where}");
    }

    // The next line that is not blank, without its ending.
    private bool NextLine(out ReadOnlySpan<char> line)
    {
        do
        {
            if (rest.IsEmpty)
            {
                line = default;
                return false;
            }
            var end = rest.IndexOf('\n');
            line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            line = line.TrimEnd('\r');
        }
        while (line.IsWhiteSpace());
        return true;
    }

    internal static string Required(Dictionary<string, string> section, string key) =>
        section.TryGetValue(key, out var value) ? value : throw Damaged($"lacks '{key}'");

    internal static int Int(ReadOnlySpan<char> text, string what) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Damaged($"has {what}='{Shown(text)}', which is not a whole number");

    internal static string Shown(ReadOnlySpan<char> text) => text.Length > 60 ? $"{text[..60]}..." : text.ToString();

    internal static RecSysException Damaged(string what) =>
        new($"The ranker model {what}. The file is damaged or not a LightGBM text model; restore it or train again.");

    internal static RecSysException Unsupported(string what) =>
        new($"The ranker model uses {what}, which the forest scorer does not support; train with objective binary or lambdarank and "
            + "plain gbdt trees.");
}
