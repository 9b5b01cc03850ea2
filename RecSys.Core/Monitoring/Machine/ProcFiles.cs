using System.Globalization;

namespace RecSys.Core.Monitoring.Machine;

/// <summary>Reads the kernel's small text files; one that is missing or has another form gives nothing.</summary>
internal static class ProcFiles
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The lines of a file; none when it cannot be read.</summary>
    public static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A word of the first line.</summary>
    public static string? Word(string path, int at) =>
        Lines(path) is [var first, ..] && Words(first) is var words && words.Length > at ? words[at] : null;

    /// <summary>The number of a line such as <c>VmRSS:   123456 kB</c>.</summary>
    public static long? Kilobytes(string path, string name) =>
        Lines(path).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal)) is { } found
            && Words(found) is [_, var value, ..] ? Number(value) : null;

    /// <summary>Time that the processors worked and time altogether, in ticks of the kernel.</summary>
    public static (long Busy, long All)? Processors(string root)
    {
        // cpu user nice system idle iowait irq softirq steal
        if (Lines(Path.Combine(root, "proc/stat")) is not [var first, ..]) return null;
        var numbers = Words(first).Skip(1).Take(8).Select(Number).ToArray();
        if (numbers.Length < 5 || numbers.Any(number => number is null)) return null;
        var all = numbers.Sum(number => number!.Value);
        return (all - numbers[3]!.Value - numbers[4]!.Value, all);
    }

    /// <summary>Bytes received and sent by all interfaces but the loopback.</summary>
    public static long? Network(string root)
    {
        var lines = Lines(Path.Combine(root, "proc/net/dev"));
        if (lines.Length < 2) return null;
        var sum = 0L;
        foreach (var line in lines.Skip(2))
        {
            if (line.Split(':', 2) is not [var name, var rest] || name.Trim() == "lo") continue;
            var numbers = Words(rest);
            // Bytes stand first among the 8 figures of what was received, and first among those of what was sent.
            if (numbers.Length >= 9) sum += (Number(numbers[0]) ?? 0) + (Number(numbers[8]) ?? 0);
        }
        return sum;
    }

    /// <summary>Bytes that the process had read from disks and written to them.</summary>
    public static long? Disk(string root)
    {
        var path = Path.Combine(root, "proc/self/io");
        return Kilobytes(path, "read_bytes") is { } read && Kilobytes(path, "write_bytes") is { } written ? read + written : null;
    }

    private static string[] Words(string line) => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
