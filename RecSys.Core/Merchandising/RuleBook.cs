using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Merchandising;

/// <summary>
/// The rules at one position of the log. Immutable: a change makes another book, and only what changed is read anew. A stored rule that
/// this version of the program cannot read is kept and not followed.
/// </summary>
public sealed class RuleBook
{
    private readonly ImmutableSortedDictionary<string, string> texts;
    private readonly ImmutableSortedDictionary<string, CompiledRule> byId;

    private RuleBook(ImmutableSortedDictionary<string, string> texts, ImmutableSortedDictionary<string, CompiledRule> byId)
    {
        (this.texts, this.byId) = (texts, byId);
        InOrder = [.. byId.Values.OrderByDescending(rule => rule.Rule.Priority).ThenBy(rule => rule.Rule.Id, StringComparer.Ordinal)];
        Hash = texts.IsEmpty ? null : HashOf(texts.Values);
    }

    /// <summary>No rules.</summary>
    public static RuleBook Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, CompiledRule>(StringComparer.Ordinal));

    /// <summary>Number of rules.</summary>
    public int Count => texts.Count;

    /// <summary>Names the book by content: 16 hexadecimal digits of a SHA-256; null for an empty one.</summary>
    public string? Hash { get; }

    /// <summary>The rules that can be followed, the greatest priority first and among equal ones by id.</summary>
    public ImmutableArray<CompiledRule> InOrder { get; }

    /// <summary>The rules by id.</summary>
    public IEnumerable<Rule> ById => byId.Values.Select(rule => rule.Rule);

    /// <summary>The canonical forms of all rules, by id.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => texts;

    /// <summary>The rule, or null.</summary>
    public Rule? Find(string id) => byId.TryGetValue(id, out var rule) ? rule.Rule : null;

    /// <summary>Whether a rule holds in the scenario at the moment, for whomever.</summary>
    public bool IsAnyInForce(string scenario, DateTimeOffset now)
    {
        foreach (var rule in InOrder)
        {
            if (rule.IsInForce(scenario, now)) return true;
        }
        return false;
    }

    /// <summary>The book after a change.</summary>
    /// <param name="id">The rule.</param>
    /// <param name="json">Its canonical form; null: it is gone.</param>
    public RuleBook With(string id, string? json) => json is null
        ? new RuleBook(texts.Remove(id), byId.Remove(id))
        : new RuleBook(texts.SetItem(id, json), TryRead(json) is { } rule ? byId.SetItem(id, rule) : byId.Remove(id));

    /// <summary>A book of these rules.</summary>
    public static RuleBook Of(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var all = Empty.texts.SetItems(texts);
        var read = all.Select(text => KeyValuePair.Create(text.Key, TryRead(text.Value))).Where(pair => pair.Value is not null);
        return new RuleBook(all, Empty.byId.AddRange(read!));
    }

    private static CompiledRule? TryRead(string json)
    {
        try
        {
            return CompiledRule.Of(RuleJson.Read(json));
        }
        catch (RecSysException)
        {
            return null;
        }
    }

    // Each text with its length, so that no two books give the same bytes.
    private static string HashOf(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
