using System.Globalization;
using System.Text;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>
/// A forest that says the same and takes many times as long: each tree stands in it so many times with so much smaller leaves.
/// </summary>
internal static class RepeatedForest
{
    private const string Tree = "Tree=";
    private const string End = "end of trees";
    private const string Leaves = "leaf_value=";
    private const string Sizes = "tree_sizes=";

    /// <param name="text">LightGBM's text format.</param>
    /// <param name="times">Power of two: halves of leaves add up without a rounding error.</param>
    public static string Of(string text, int times)
    {
        var first = text.IndexOf(Tree, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        string[] trees = [.. text[first..end].Split(Tree, StringSplitOptions.RemoveEmptyEntries).Select(tree => Body(tree, times))];
        var repeated = new StringBuilder();
        foreach (var line in text[..first].Split('\n'))
        {
            // The sizes would be others; readers do without them.
            if (!line.StartsWith(Sizes, StringComparison.Ordinal)) repeated.Append(line).Append('\n');
        }
        for (var number = 0; number < times * trees.Length; number++)
            repeated.Append(Tree).Append(CultureInfo.InvariantCulture, $"{number}\n").Append(trees[number % trees.Length]);
        return repeated.Append(text[end..]).ToString();
    }

    // All lines behind the number.
    private static string Body(string tree, int times) => string.Join('\n', tree.Split('\n').Skip(1).Select(line =>
        !line.StartsWith(Leaves, StringComparison.Ordinal) ? line
            : Leaves + string.Join(' ', line[Leaves.Length..].Split(' ').Select(leaf =>
                (double.Parse(leaf, CultureInfo.InvariantCulture) / times).ToString("R", CultureInfo.InvariantCulture)))));
}
