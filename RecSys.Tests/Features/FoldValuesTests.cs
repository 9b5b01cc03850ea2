using System.Globalization;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

/// <summary>
/// Rows of two logs as the program computed them when the fold still was one body per side; the values must not move by a change of code.
/// </summary>
public sealed class FoldValuesTests
{
    [Fact]
    public void Apply_MixedAndVideoLogs_GivesTheRecordedFeatures()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "features", "fold_values.csv"));
        var names = lines[0].Split(',');
        var columns = names.Select(name => FeatureCatalogue.Default.Names.ToList().IndexOf(name)).ToArray();
        var rows = FoldLogs.Rows(FoldLogs.Mixed()).Concat(FoldLogs.Rows(FoldLogs.Videos())).ToList();

        Assert.Equal(lines.Length - 1, rows.Count);
        Assert.InRange(columns.Count(column => column >= 0), 100, names.Length);
        for (var line = 0; line < rows.Count; line++)
        {
            var expected = lines[line + 1].Split(',');
            for (var i = 0; i < names.Length; i++)
            {
                if (columns[i] >= 0)
                    Near(float.Parse(expected[i], CultureInfo.InvariantCulture), rows[line][columns[i]], $"{names[i]} of row {line}");
            }
        }
    }

    // Equal to the bit where the exponential function is; other processors' may differ in the last place, which sums up.
    private static void Near(float expected, float actual, string what)
    {
        var same = float.IsNaN(expected) ? float.IsNaN(actual) : Math.Abs(expected - actual) <= 1e-5f * (1 + Math.Abs(expected));
        Assert.True(same, $"{what}: {actual:R} instead of {expected:R}");
    }
}
