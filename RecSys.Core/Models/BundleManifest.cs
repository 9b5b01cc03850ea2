using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>What a bundle says about itself, in <c>manifest.json</c> with snake-case names.</summary>
public sealed record BundleManifest
{
    /// <summary>A larger file is refused unread.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Layout of the bundle; another number is refused.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Key of <see cref="Options"/>: the hash of the text model whose embeddings the item tower reads.</summary>
    public const string TextModelOption = "text.model";

    /// <summary>Key of <see cref="Options"/>: how dense the towers' log was, and which settings that led to.</summary>
    public const string TowersOption = "towers.settings";

    /// <summary>Key of <see cref="Options"/>: the temperature of the towers' softmax.</summary>
    public const string TemperatureOption = "towers.temperature";

    /// <summary>
    /// Key of <see cref="Options"/>: share of a request's candidates that the neighbours of <see cref="BundleFiles.Neighbours"/> may take.
    /// </summary>
    public const string NeighbourShareOption = "neighbours.share";

    /// <summary>Key of <see cref="Options"/>: whether position is a feature of the ranker, and why.</summary>
    public const string PositionOption = "ranker.position";

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the folder, such as <c>v1.0.3</c>.</summary>
    public required string Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Commit of the code that trained it, or <c>unknown</c>.</summary>
    public string GitCommit { get; init; } = "unknown";

    /// <summary>Columns of the ranker's feature matrix, in order.</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>Hash of the feature catalogue that made them.</summary>
    public required string FeatureHash { get; init; }

    /// <summary>Floats per embedding, 1 to 4096.</summary>
    public required int Dimension { get; init; }

    /// <summary>Rows of the embeddings, lines of the ids; at least 1.</summary>
    public required int ItemCount { get; init; }

    /// <summary>
    /// Log-odds per unit of retrieval score by which a list's order departs from the ranker's probabilities; see
    /// <see cref="Ranking.ListScore"/>.
    /// </summary>
    public double RetrievalWeight { get; init; }
    public required TrainingWindow TrainingWindow { get; init; }

    /// <summary>
    /// Position of the log that the items were read at: what changed behind it is embedded when the bundle is loaded; null when unknown.
    /// </summary>
    public long? LogPosition { get; init; }

    /// <summary>Figures from the evaluation, such as <c>auc</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Settings of tower and ranker worth reading later, such as <c>ranker.num_leaves</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Every file of the bundle but the manifest, by name. Filled in by <see cref="BundlePublisher"/>.</summary>
    public IReadOnlyDictionary<string, BundleFile> Files { get; init; } = new Dictionary<string, BundleFile>();

    /// <summary>Indented JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BundleJson.Default.BundleManifest);

    /// <summary>Reads and checks a manifest: unknown, missing, repeated or absurd fields are refused.</summary>
    /// <exception cref="RecSysException">Names the field and what to do.</exception>
    public static BundleManifest Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) throw Bad($"is {json.Length} bytes long, more than the {MaxBytes} allowed");
        BundleManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, BundleJson.Default.BundleManifest);
        }
        catch (JsonException e)
        {
            throw Bad($"is not valid ({JsonFaults.Describe(e)})", e);
        }
        if (manifest is null) throw Bad("is null");
        manifest.Check();
        return manifest;
    }

    /// <summary>Reads the manifest of a folder.</summary>
    /// <exception cref="RecSysException">It is missing, unreadable or invalid.</exception>
    public static async Task<BundleManifest> ReadAsync(string folder, CancellationToken cancellationToken = default) =>
        Parse(await ReadBytesAsync(folder, cancellationToken));

    /// <summary>Reads the bytes of a folder's manifest, which may be anything.</summary>
    /// <exception cref="RecSysException">It is missing, a link or absurdly large.</exception>
    internal static async Task<byte[]> ReadBytesAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, BundleFiles.Manifest);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new RecSysException(
                $"{folder} has no {BundleFiles.Manifest}: the bundle was never finished. Publish it again, or delete the folder.");
        if (file.LinkTarget is not null) throw Bad("is a symbolic link");
        if (file.Length > MaxBytes) throw Bad($"is {file.Length} bytes long, more than the {MaxBytes} allowed");
        return await File.ReadAllBytesAsync(path, cancellationToken);
    }

    private void Check()
    {
        if (Format != CurrentFormat) throw Bad($"has format {Format}, this program reads {CurrentFormat}");
        if (!BundleName.IsValid(Version)) throw Bad($"has a version that is no valid name; allowed is {BundleName.Rule}");
        if (Dimension is < 1 or > 4096) throw Bad($"has dimension {Dimension}, allowed is 1 to 4096");
        if (ItemCount < 1) throw Bad($"has item_count {ItemCount}, a bundle needs at least one item");
        if (FeatureNames is null || FeatureNames.Any(string.IsNullOrEmpty)) throw Bad("has feature_names with missing entries");
        if (FeatureNames.Distinct(StringComparer.Ordinal).Count() != FeatureNames.Count) throw Bad("repeats a name in feature_names");
        if (string.IsNullOrEmpty(FeatureHash)) throw Bad("has no feature_hash");
        if (TrainingWindow is null || TrainingWindow.To < TrainingWindow.From)
            throw Bad("has a training_window that ends before it begins");
        if (!(RetrievalWeight is >= 0 and <= 1000)) throw Bad($"has retrieval_weight {RetrievalWeight}, allowed is 0 to 1000");
        if (Metrics is null || Options is null || Files is null) throw Bad("has null where a table is expected");
        foreach (var (name, file) in Files)
        {
            if (!BundleName.IsValid(name)) throw Bad($"lists a file whose name is not allowed; names match {BundleName.Rule}");
            if (name is BundleFiles.Manifest or BundleFiles.Signature) throw Bad("lists itself or its signature among the files");
            if (file is null || file.Bytes < 0 || file.Sha256 is not { Length: 64 } sha || sha.Any(c => !char.IsAsciiHexDigitLower(c)))
                throw Bad($"has no proper size and sha256 for {name}");
        }
    }

    private static RecSysException Bad(string what, Exception? inner = null)
    {
        var message = $"{BundleFiles.Manifest} {what}. Publish the bundle again with this version of the program.";
        return inner is null ? new RecSysException(message) : new RecSysException(message, inner);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(ChampionPointer))]
internal sealed partial class BundleJson : JsonSerializerContext;
