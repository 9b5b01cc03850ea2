using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// The query parameters of a request, read strictly: each at most once, none that the route does not know, soundly encoded. Every fault is
/// collected by parameter name; no value is repeated in it. Routes say what they know with <see cref="QueryRules.AcceptsQuery{T}"/>.
/// </summary>
internal sealed class QueryParameters
{
    private const int MaxParameters = 64;

    private readonly List<(string Name, string Value)> values = [];
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    /// <summary>What is wrong, by parameter name; <c>query</c> for what belongs to none.</summary>
    public IDictionary<string, string[]> Errors => errors;

    public bool AreValid => errors.Count == 0;

    /// <param name="query">As in the request line, with or without the question mark.</param>
    /// <param name="known">Names that the route knows.</param>
    public static QueryParameters Read(ReadOnlySpan<char> query, IReadOnlyList<string> known)
    {
        var read = new QueryParameters();
        if (query.StartsWith("?")) query = query[1..];
        var count = 0;
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.IsEmpty) continue;
            if (++count > MaxParameters)
            {
                read.Fail("query", $"has more than {MaxParameters} parameters");
                break;
            }
            read.Add(part, known);
        }
        return read;
    }

    public void Fail(string name, string fault) => errors.TryAdd(name, [fault]);

    /// <summary>The value, empty where it was sent empty; null when the parameter is missing or faulty.</summary>
    public string? Text(string name)
    {
        foreach (var entry in values)
        {
            if (entry.Name == name) return entry.Value;
        }
        return null;
    }

    /// <summary>
    /// The value as an id (<see cref="Identifiers"/>), or null with a fault when it is none; a missing one is a fault if it is required.
    /// </summary>
    public string? Id(string name, bool required = false)
    {
        if (Text(name) is not { } value)
        {
            if (required) Fail(name, "is required");
            return null;
        }
        if (Identifiers.Fault(value) is not { } fault) return value;
        Fail(name, fault);
        return null;
    }

    /// <summary>The value as a whole number in decimal digits; <paramref name="missing"/> when it was not sent or is faulty.</summary>
    public int WholeNumber(string name, int low, int high, int missing)
    {
        if (Text(name) is not { } value) return missing;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high)
            return number;
        Fail(name, $"must be a whole number from {low} to {high}");
        return missing;
    }

    /// <summary>As <see cref="WholeNumber"/>, for positions of the log: 0 when it was not sent or is faulty.</summary>
    public long Position(string name)
    {
        if (Text(name) is not { } value) return 0;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        Fail(name, "must be a position of the log, as a write returned it");
        return 0;
    }

    /// <summary>The value as <c>true</c> or <c>false</c>; false when it was not sent.</summary>
    public bool Flag(string name)
    {
        var value = Text(name);
        if (value is not (null or "true" or "false")) Fail(name, "must be true or false");
        return value == "true";
    }

    private void Add(ReadOnlySpan<char> part, IReadOnlyList<string> known)
    {
        var at = part.IndexOf('=');
        var name = PercentEncoding.Decode(at < 0 ? part : part[..at], plusIsSpace: true, out _);
        if (name is null || !Contains(known, name))
        {
            Fail("query", known.Count == 0
                ? "must be empty: this route has no parameters"
                : $"has a parameter that does not exist; known are {string.Join(", ", known)}");
            return;
        }
        if (Text(name) is not null || errors.ContainsKey(name))
        {
            values.RemoveAll(entry => entry.Name == name);
            Fail(name, "must not be repeated");
            return;
        }
        if (PercentEncoding.Decode(at < 0 ? [] : part[(at + 1)..], plusIsSpace: true, out var fault) is { } value)
            values.Add((name, value));
        else Fail(name, fault!);
    }

    private static bool Contains(IReadOnlyList<string> known, string name)
    {
        for (var i = 0; i < known.Count; i++)
        {
            if (known[i] == name) return true;
        }
        return false;
    }
}
