using System.Globalization;
using System.Text;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>
/// The text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats), read strictly: every sample belongs to a
/// family whose type was said before, no series stands twice, buckets of a histogram grow up to its count.
/// </summary>
internal sealed class Exposition
{
    private readonly Dictionary<string, string> types = [];
    private readonly List<Sample> samples = [];

    public IReadOnlyDictionary<string, string> Types => types;

    public IReadOnlyList<Sample> Samples => samples;

    /// <summary>Every series as one text.</summary>
    public IEnumerable<string> Series => samples.Select(sample => sample.ToString());

    public static Exposition Parse(string text)
    {
        var read = new Exposition();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Assert.True(read.types.TryAdd(words[2], words[3]), $"{words[2]} has two types.");
                Assert.Contains(words[3], (string[])["counter", "gauge", "histogram", "summary", "untyped"]);
            }
            else if (line.Length > 0 && line[0] != '#') read.Add(line);
        }
        Assert.Equal(read.samples.Count, read.Series.Distinct().Count());
        read.CheckHistograms();
        return read;
    }

    /// <summary>The sum of all series of a name that have these labels.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Of(name, labels).Sum(sample => sample.Value);

    /// <summary>All series of a name that have these labels.</summary>
    public IEnumerable<Sample> Of(string name, params (string Label, string Value)[] labels) => samples.Where(sample =>
        sample.Name == name && labels.All(label => sample.Labels.TryGetValue(label.Label, out var value) && value == label.Value));

    private void Add(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var name = line[..at];
        var family = types.ContainsKey(name) ? name : FamilyOf(name);
        Assert.True(types.ContainsKey(family), $"{name} belongs to no family.");
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                Assert.Equal('"', line[equals + 1]);
                labels.Add(label, Value(line, equals + 2, out at));
                if (line[at] == ',') at++;
            }
            at++;
        }
        // A value, and a time behind it where there is one.
        var words = line[at..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(words.Length, 1, 2);
        var value = words[0] switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(words[0], CultureInfo.InvariantCulture),
        };
        samples.Add(new Sample(name, labels, value));
    }

    private static string Value(string line, int from, out int next)
    {
        var text = new StringBuilder();
        var at = from;
        for (; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                text.Append(line[at]);
                continue;
            }
            at++;
            text.Append(line[at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var other => throw new FormatException($"\\{other}") });
        }
        next = at + 1;
        return text.ToString();
    }

    private string FamilyOf(string name)
    {
        foreach (var suffix in (string[])["_bucket", "_sum", "_count"])
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (types.GetValueOrDefault(name[..^suffix.Length]) is "histogram" or "summary") return name[..^suffix.Length];
        }
        return name;
    }

    private void CheckHistograms()
    {
        foreach (var family in types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            foreach (var series in samples.Where(sample => sample.Name == family + "_bucket").GroupBy(sample => sample.Without("le")))
            {
                var counts = series.OrderBy(bucket => Bound(bucket.Labels["le"])).Select(bucket => bucket.Value).ToList();
                Assert.Equal(counts.Order(), counts);
                Assert.Equal("+Inf", series.MaxBy(bucket => Bound(bucket.Labels["le"]))!.Labels["le"]);
                Assert.Equal(counts[^1],
                    samples.Single(sample => sample.Name == family + "_count" && sample.Without("le") == series.Key).Value);
            }
        }
    }

    private static double Bound(string le) =>
        le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture);

    internal sealed record Sample(string Name, SortedDictionary<string, string> Labels, double Value)
    {
        public string Without(string label) =>
            string.Join(',', Labels.Where(each => each.Key != label).Select(each => $"{each.Key}={each.Value}"));

        public override string ToString() => $"{Name}{{{Without("")}}}";
    }
}
