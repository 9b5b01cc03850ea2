using System.Globalization;
using System.Text;

namespace RecSys.Api.Hosting.Requests;

/// <summary>Where a reader is in a JSON text, as a JSON pointer (RFC 6901).</summary>
internal sealed class JsonPath
{
    private const int MaxName = 64;

    private readonly List<Level> levels = [];

    public int Depth => levels.Count;

    public void EnterObject() => levels.Add(new Level());

    public void EnterArray() => levels.Add(new Level { Index = 0 });

    /// <summary>Leaves an object or an array, whose place is a value that is now complete.</summary>
    public void Leave()
    {
        levels.RemoveAt(levels.Count - 1);
        ValueDone();
    }

    /// <summary>Goes on to the next element, in an array.</summary>
    public void ValueDone()
    {
        if (levels.Count > 0 && levels[^1].Index >= 0) levels[^1].Index++;
    }

    /// <summary>Goes on to a property of the object.</summary>
    /// <returns>False when the object has had one of that name.</returns>
    public bool Property(string name)
    {
        levels[^1].Name = name;
        return levels[^1].Seen.Add(name);
    }

    public override string ToString()
    {
        var pointer = new StringBuilder();
        foreach (var level in levels)
        {
            if (level.Index >= 0) pointer.Append('/').Append(level.Index.ToString(CultureInfo.InvariantCulture));
            else if (level.Name is { } name) pointer.Append('/').Append(Escape(name));
        }
        return pointer.ToString();
    }

    /// <summary>A name as a part of a pointer. Names come from the sender; a pointer repeats at most the beginning of one.</summary>
    public static string Escape(string name)
    {
        // Never half of a surrogate pair.
        var end = name.Length <= MaxName ? name.Length : char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName;
        return name[..end].Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    private sealed class Level
    {
        private HashSet<string>? seen;

        public int Index { get; set; } = -1;
        public string? Name { get; set; }
        public HashSet<string> Seen => seen ??= new HashSet<string>(StringComparer.Ordinal);
    }
}
