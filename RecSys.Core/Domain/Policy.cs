using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace RecSys.Core.Domain;

/// <summary>
/// The settings of one variant, immutable and named by content: <see cref="Hash"/> stands in served records, so that a list can be
/// explained long after the settings changed. Every value is checked when it is set; one out of range is a <see cref="RecSysException"/>.
/// </summary>
public sealed record Policy
{
    private const int MaxNameLength = 64;

    /// <summary>The settings of a server that nobody configured.</summary>
    public static Policy Default { get; } = new();

    /// <summary>1 to 64 characters of <c>a-z</c>, <c>0-9</c>, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public string Name
    {
        get;
        init => field = value is { Length: >= 1 and <= MaxNameLength }
            && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? value
            : throw new RecSysException(
                $"The name of a policy has 1 to {MaxNameLength} characters of a-z, 0-9, -, _ and .; choose another.");
    } = "default";

    /// <summary>Candidates that reach the filters after seen items are allowed for, 10 to 10,000.</summary>
    public int Candidates { get; init => field = InRange(value, 10, 10_000, nameof(Candidates)); } = 500;

    /// <summary>An item that was shown is not served again to the same user for this many days, 0 to 365.</summary>
    public double DedupDays { get; init => field = InRange(value, 0, 365, nameof(DedupDays)); } = 7;

    /// <summary>A consumed item is not served again for this many days, 0 to 36,500; null: never again.</summary>
    public double? ConsumedDays { get; init => field = value is { } days ? InRange(days, 0, 36_500, nameof(ConsumedDays)) : null; }

    /// <summary>At most this many items of one category among the first <see cref="DiversityTop"/>, 1 to 100.</summary>
    public int MaxPerCategory { get; init => field = InRange(value, 1, 100, nameof(MaxPerCategory)); } = 3;

    /// <summary>How many first positions the diversity rule looks at, 1 to 100.</summary>
    public int DiversityTop { get; init => field = InRange(value, 1, 100, nameof(DiversityTop)); } = 10;

    /// <summary>Boost of an item that is new today, as a fraction of its score, 0 to 1.</summary>
    public double FreshnessBoost { get; init => field = InRange(value, 0, 1, nameof(FreshnessBoost)); } = 0.09;

    /// <summary>Days of age that take one percent of boost away, 0.001 to 1000.</summary>
    public double FreshnessDaysPerPercent { get; init => field = InRange(value, 0.001, 1000, nameof(FreshnessDaysPerPercent)); } = 6;

    /// <summary>Most candidates from items chosen together, 0 (none) to 10,000.</summary>
    public int CoVisitationLimit { get; init => field = InRange(value, 0, 10_000, nameof(CoVisitationLimit)); } = 100;

    /// <summary>Most candidates from trending items, 0 (none) to 1000.</summary>
    public int TrendingLimit { get; init => field = InRange(value, 0, 1000, nameof(TrendingLimit)); } = 50;

    /// <summary>New items proposed, as a fraction of <see cref="Candidates"/>, 0 to 0.5.</summary>
    public double NewItemShare { get; init => field = InRange(value, 0, 0.5, nameof(NewItemShare)); } = 0.05;

    /// <summary>Who may propose candidates; at least one source.</summary>
    public PolicySources Sources
    {
        get;
        init => field = value is not PolicySources.None && (value & ~PolicySources.All) == 0
            ? value
            : throw new RecSysException(
                $"The policy has no {nameof(Sources)}; name at least one of "
                    + $"{string.Join(", ", PolicySourceNames.All.Select(entry => entry.Name))}.");
    } = PolicySources.All;

    /// <summary>Share of the places of a list that go to an item drawn by chance, 0 (none) to 0.5.</summary>
    public double ExplorationShare { get; init => field = InRange(value, 0, 0.5, nameof(ExplorationShare)); }

    /// <summary>The draw is among so many of the best items behind the list, 1 to 1000.</summary>
    public int ExplorationPool { get; init => field = InRange(value, 1, 1000, nameof(ExplorationPool)); } = 100;

    /// <summary>
    /// The first 16 hexadecimal digits of the SHA-256 of <see cref="ToJson"/>. Computed at each call: keep it, as <see cref="Assignment"/>
    /// does.
    /// </summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(ToJson()))[..16];

    /// <summary>
    /// Canonical: UTF-8 without white space, snake-case names in alphabetical order, numbers as .NET writes them shortest. Equal policies
    /// give equal bytes, on every machine. A new setting changes the bytes of every policy, and so its hash.
    /// </summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("candidates", Candidates);
            json.WriteNumber("co_visitation_limit", CoVisitationLimit);
            if (ConsumedDays is { } days) json.WriteNumber("consumed_days", days);
            else json.WriteNull("consumed_days");
            json.WriteNumber("dedup_days", DedupDays);
            json.WriteNumber("diversity_top", DiversityTop);
            json.WriteNumber("exploration_pool", ExplorationPool);
            json.WriteNumber("exploration_share", ExplorationShare);
            json.WriteNumber("freshness_boost", FreshnessBoost);
            json.WriteNumber("freshness_days_per_percent", FreshnessDaysPerPercent);
            json.WriteNumber("max_per_category", MaxPerCategory);
            json.WriteString("name", Name);
            json.WriteNumber("new_item_share", NewItemShare);
            json.WriteStartArray("sources");
            foreach (var (source, name) in PolicySourceNames.All)
            {
                if (Sources.HasFlag(source)) json.WriteStringValue(name);
            }
            json.WriteEndArray();
            json.WriteNumber("trending_limit", TrendingLimit);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote; a setting left out has its default.</summary>
    /// <exception cref="RecSysException">It is no policy, names a setting that does not exist, or one out of range.</exception>
    public static Policy Parse(ReadOnlyMemory<byte> json) => PolicyJson.Read(json);

    private static int InRange(int value, int low, int high, string name) =>
        value >= low && value <= high ? value : throw new RecSysException($"The policy has {name} {value}; allowed is {low} to {high}.");

    // Written so that NaN fails, too. Adding zero makes -0 the same policy as 0.
    private static double InRange(double value, double low, double high, string name) => value >= low && value <= high
        ? value + 0.0
        : throw new RecSysException(FormattableString.Invariant($"The policy has {name} {value}; allowed is {low} to {high}."));
}
