using System.Text.RegularExpressions;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Which names versions and files may have, so that no name can lead out of its folder.</summary>
public static partial class BundleName
{
    /// <summary>The pattern, for messages.</summary>
    public const string Rule = "^[a-z0-9][a-z0-9._-]{0,63}$";

    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>The full path of <paramref name="name"/> directly under <paramref name="folder"/>.</summary>
    /// <exception cref="RecSysException">The name is not allowed, or the path is a symbolic link.</exception>
    public static string Resolve(string folder, string name)
    {
        if (!IsValid(name)) throw new RecSysException($"The name '{Printable(name)}' is not allowed: names match {Rule}.");
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!string.Equals(Path.GetDirectoryName(path), root, StringComparison.Ordinal))
            throw new RecSysException($"The name '{name}' leads out of its folder; choose another.");
        // LinkTarget also sees a link whose target is missing.
        if (new FileInfo(path).LinkTarget is not null)
            throw new RecSysException($"{path} is a symbolic link, which bundles must not contain. Replace it by the file itself.");
        return path;
    }

    private static string Printable(string? name) =>
        new([.. (name ?? "").Take(64).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);

    // \z, because $ would also allow a trailing line feed.
    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
