using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Meaning;

/// <summary>
/// What events mean in one data folder: <c>import.json</c>, which people write, and the scale of ratings that imports found.
/// <code>{ "positive": ["rating>=4"], "negative": ["rating&lt;=2"], "map": { "bought": "purchase", "cancelled": "purchase:undo" } }</code>
/// </summary>
internal static partial class MeaningFile
{
    internal const string Name = "import.json";
    private const string ScaleName = "rating-scale.json";

    /// <summary>The options with what the folder says where they say nothing themselves.</summary>
    /// <exception cref="RecSysException">The file is not what it should be.</exception>
    internal static ImportOptions Complete(ImportOptions options)
    {
        var path = Path.Combine(options.DataFolder, Name);
        if (!File.Exists(path)) return options;
        Content content;
        try
        {
            content = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Content) ?? new Content();
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be used: {failure.Message} It holds lists positive and negative of rules, and an "
                + $"object map of words and types.", failure);
        }
        var types = new Dictionary<string, MappedType>(StringComparer.Ordinal);
        foreach (var (word, type) in content.Map ?? [])
            types[word] = MappedType.Parse(type);
        foreach (var (word, type) in options.Types) types[word] = type;
        return options with
        {
            Positive = options.Positive.Count > 0 ? options.Positive : [.. (content.Positive ?? []).Select(MeaningRule.Parse)],
            Negative = options.Negative.Count > 0 ? options.Negative : [.. (content.Negative ?? []).Select(MeaningRule.Parse)],
            Types = types,
        };
    }

    internal static RatingScale? ReadScale(string dataFolder)
    {
        try
        {
            var parts = File.ReadAllText(Path.Combine(dataFolder, "imports", ScaleName)).Trim('[', ']', ' ', '\n').Split(',');
            return parts is [var low, var high] && double.TryParse(low, CultureInfo.InvariantCulture, out var least)
                && double.TryParse(high, CultureInfo.InvariantCulture, out var greatest) && least < greatest
                ? new RatingScale(least, greatest) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static void WriteScale(string dataFolder, RatingScale scale) => File.WriteAllText(
        Path.Combine(dataFolder, "imports", ScaleName), string.Create(CultureInfo.InvariantCulture, $"[{scale.Low}, {scale.High}]\n"));

    internal sealed record Content
    {
        public List<string>? Positive { get; init; }
        public List<string>? Negative { get; init; }
        public Dictionary<string, string>? Map { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class Json : JsonSerializerContext;
}
