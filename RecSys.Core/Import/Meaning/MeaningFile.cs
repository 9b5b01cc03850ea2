using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.Meaning;

/// <summary>
/// What events mean in one data folder: <c>import.json</c>, which people write, what imports were given, which is in
/// force where that file says nothing, and the scale of ratings that imports found.
/// <code>{ "positive": ["rating>=4"], "negative": ["rating&lt;=2"], "map": { "bought": "purchase", "cancelled": "purchase:undo" } }</code>
/// </summary>
internal static partial class MeaningFile
{
    internal const string Name = "import.json";
    private const string ScaleName = "rating-scale.json";
    private const string PostedName = "posted-scale.json";
    private const string GivenName = "rules.json";

    /// <summary>The options with what the folder says where they say nothing themselves.</summary>
    /// <exception cref="RecSysException">A file of the folder is not what it should be.</exception>
    internal static ImportOptions Complete(ImportOptions options)
    {
        var given = new Content
        {
            Positive = Texts(options.Positive), Negative = Texts(options.Negative), WholeIds = options.WholeIds,
            Map = options.Types.Count == 0 ? null : options.Types.ToDictionary(pair => pair.Key, pair => TypeNames.Text(pair.Value)),
        };
        var complete = Behind(Behind(options, Read(PathOf(options.DataFolder))), Read(GivenPathOf(options.DataFolder)));
        return given is { Positive: null, Negative: null, Map: null, WholeIds: null } ? complete : complete with { Given = given };
    }

    /// <summary>The file that people write.</summary>
    internal static string PathOf(string dataFolder) => Path.Combine(dataFolder, Name);

    /// <summary>The rules that imports were given.</summary>
    internal static string GivenPathOf(string dataFolder) => Path.Combine(dataFolder, "imports", GivenName);

    /// <summary>The scale that imports found.</summary>
    internal static string ScalePathOf(string dataFolder) => Path.Combine(dataFolder, "imports", ScaleName);

    /// <summary>The scale of ratings that came over HTTP, where no import found one.</summary>
    internal static string PostedPathOf(string dataFolder) => Path.Combine(dataFolder, "imports", PostedName);

    /// <summary>Keeps the rules of an import for what comes later; a side that it had none for stays as it was.</summary>
    internal static void WriteGiven(string dataFolder, Content given)
    {
        var path = GivenPathOf(dataFolder);
        var before = Read(path);
        var map = new Dictionary<string, string>(before.Map ?? [], StringComparer.Ordinal);
        foreach (var (word, type) in given.Map ?? []) map[word] = type;
        var after = new Content
        {
            Positive = given.Positive ?? before.Positive, Negative = given.Negative ?? before.Negative,
            Map = map.Count == 0 ? null : map, WholeIds = given.WholeIds ?? before.WholeIds,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(after, Json.Default.Content));
    }

    private static List<string>? Texts(IReadOnlyList<MeaningRule> rules) =>
        rules.Count == 0 ? null : [.. rules.Select(rule => rule.ToString())];

    private static ImportOptions Behind(ImportOptions options, Content content)
    {
        var types = new Dictionary<string, MappedType>(StringComparer.Ordinal);
        foreach (var (word, type) in content.Map ?? [])
            types[word] = MappedType.Parse(type);
        foreach (var (word, type) in options.Types) types[word] = type;
        return options with
        {
            Positive = options.Positive.Count > 0 ? options.Positive : [.. (content.Positive ?? []).Select(MeaningRule.Parse)],
            Negative = options.Negative.Count > 0 ? options.Negative : [.. (content.Negative ?? []).Select(MeaningRule.Parse)],
            Types = types, WholeIds = options.WholeIds ?? content.WholeIds,
        };
    }

    private static Content Read(string path)
    {
        RefuseFolder(path);
        if (!File.Exists(path)) return new Content();
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Content)
                ?? throw new JsonException("it is null");
            var texts = (content.Positive ?? []).Concat(content.Negative ?? []).Concat((content.Map ?? []).Values);
            return texts.Any(text => text is null) ? throw new JsonException("a rule or a type is null") : content;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            var why = failure is JsonException json ? JsonFaults.Describe(json) : failure.Message.TrimEnd('.');
            throw new RecSysException($"{path} cannot be used: {why}. It holds lists positive and negative of rules, an object map of "
                + "words and types, and whole_ids, true or false.", failure);
        }
    }

    // As absent it would be passed over without a word.
    private static void RefuseFolder(string path)
    {
        if (Directory.Exists(path))
            throw new RecSysException($"{path} cannot be used: it is a folder where a file belongs. Move it away, or write the file.");
    }

    /// <summary>The scale in a file, or null where there is none.</summary>
    /// <exception cref="RecSysException">The file is damaged.</exception>
    internal static RatingScale? ReadScale(string path)
    {
        RefuseFolder(path);
        if (!File.Exists(path)) return null;
        try
        {
            var parts = File.ReadAllText(path).Trim('[', ']', ' ', '\n').Split(',');
            return parts is [var low, var high] && double.TryParse(low, CultureInfo.InvariantCulture, out var least)
                && double.TryParse(high, CultureInfo.InvariantCulture, out var greatest) && least < greatest
                && double.IsFinite(greatest - least)
                ? new RatingScale(least, greatest)
                : throw new RecSysException($"{path} is damaged: it holds the scale of ratings as [low, high], such as [1, 5]. Write it "
                    + "so, or delete it and import the ratings again.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be read: {failure.Message}", failure);
        }
    }

    internal static void WriteScale(string path, RatingScale scale)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{scale.Low}, {scale.High}]\n")));
    }

    internal sealed record Content
    {
        public List<string>? Positive { get; init; }
        public List<string>? Negative { get; init; }
        public Dictionary<string, string>? Map { get; init; }
        public bool? WholeIds { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class Json : JsonSerializerContext;
}
