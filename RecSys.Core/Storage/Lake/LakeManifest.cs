using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// What one closed day of one table holds: the file <c>manifest.json</c> beside its data, written last. It never changes. A day without
/// rows has a manifest, too, which tells it from one that is missing.
/// </summary>
public sealed partial record LakeManifest
{
    /// <summary>Raised when layout or columns change.</summary>
    public const int NewestFormat = 3;

    [JsonPropertyName("format")]
    public int Format { get; init; } = NewestFormat;

    [JsonPropertyName("table"), JsonConverter(typeof(JsonStringEnumConverter<LakeTable>))]
    public required LakeTable Table { get; init; }

    [JsonPropertyName("day")]
    public required DateOnly Day { get; init; }

    /// <summary>Epoch of the log when the day was written.</summary>
    [JsonPropertyName("epoch")]
    public required long Epoch { get; init; }

    /// <summary>
    /// Of the log: position behind the last one of the day before, so that days follow each other without a gap. Null for served records.
    /// </summary>
    [JsonPropertyName("first_position")]
    public long? FirstPosition { get; init; }

    /// <summary>Of the log: position of the last entry; one less than <see cref="FirstPosition"/> for a day without entries.</summary>
    [JsonPropertyName("last_position")]
    public long? LastPosition { get; init; }

    /// <summary>
    /// Of served records: the day of the lake before this one, where more than a month without any request lies between them; such days are
    /// not written one by one. Null where the day follows the one before.
    /// </summary>
    [JsonPropertyName("after_day"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? AfterDay { get; init; }

    /// <summary>Entries of the log, or answered requests.</summary>
    [JsonPropertyName("entries")]
    public required long Entries { get; init; }

    /// <summary>Entries by kind, or places of lists by how the item came to them.</summary>
    [JsonPropertyName("rows_by_kind")]
    public required SortedDictionary<string, long> RowsByKind { get; init; }

    /// <summary>Columns of each sort of file.</summary>
    [JsonPropertyName("columns")]
    public required SortedDictionary<string, IReadOnlyList<LakeColumn>> Columns { get; init; }

    /// <summary>All data of the day in order; sorts stand one behind the other.</summary>
    [JsonPropertyName("files")]
    public required IReadOnlyList<LakeFile> Files { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Commit of the program that wrote it.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>Rows of all files.</summary>
    [JsonIgnore]
    public long Rows => Files.Sum(file => file.Rows);

    /// <summary>Size of all files.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LakeJson.Default.LakeManifest);

    /// <summary>Reads a manifest and sees that it speaks of this day and that its numbers agree.</summary>
    /// <param name="json">The file.</param>
    /// <param name="table">Where it lies.</param>
    /// <param name="day">Where it lies.</param>
    /// <param name="name">What messages call the day.</param>
    /// <exception cref="RecSysException">It is damaged, or of another version.</exception>
    internal static LakeManifest Parse(byte[] json, LakeTable table, DateOnly day, string name)
    {
        LakeManifest? manifest;
        try
        {
            // The format first: a newer one may have other fields.
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number)
                && number is < 1 or > NewestFormat)
                throw new RecSysException($"{name} is of format {number}, this version of RecSys reads 1 to {NewestFormat}. Use the "
                    + "version that wrote it, or export the day again.");
            manifest = document.Deserialize(LakeJson.Default.LakeManifest);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            var why = failure is JsonException malformed ? JsonFaults.Describe(malformed) : failure.Message.TrimEnd('.');
            throw Damaged(name, why, failure);
        }
        if (manifest?.FindFault(table, day) is { } fault) throw Damaged(name, fault, null);
        return manifest ?? throw Damaged(name, "it is empty", null);
    }

    private string? FindFault(LakeTable table, DateOnly day)
    {
        if (Table != table || Day != day) return $"it is that of {LakeNames.Of(Table)}, {LakeNames.Plain(Day)}";
        if (RowsByKind is null || Columns is null || Files is null || Files.Any(file => file?.Sha256 is null || file.Name is null))
            return "a part is missing";
        if (Files.Any(file => file.Rows < 0 || file.Bytes < 0) || RowsByKind.Values.Any(rows => rows < 0)) return "a number is below 0";
        if (Files.FirstOrDefault(file => !FileName().IsMatch(file.Name)) is { } stray) return $"it names the file '{stray.Name}'";
        // Damaged numbers may be beyond what their type can add up.
        var (inFiles, inKinds) = (Files.Sum(file => (decimal)file.Rows), RowsByKind.Values.Sum(rows => (decimal)rows));
        if (inFiles != inKinds) return $"its files have {inFiles} rows, its kinds {inKinds}";
        if (AfterDay >= Day || (AfterDay is not null && table == LakeTable.Log)) return "it names a day before it that is none";
        if (table == LakeTable.Served) return null;
        if (FirstPosition is not { } first || LastPosition is not { } last) return "a position is missing";
        return last - first + 1 == Entries && Entries == Rows ? null : $"positions {first} to {last} are not {Entries} entries";
    }

    private static RecSysException Damaged(string name, string reason, Exception? cause)
    {
        var message = $"The manifest of {name} is damaged: {reason}. Remove the day and export it again while the database has it, or "
            + "take it from a copy.";
        return cause is null ? new RecSysException(message) : new RecSysException(message, cause);
    }

    [GeneratedRegex(@"^[a-z]{1,16}-[0-9]{4,8}-[0-9a-f]{8}\.parquet\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}

[JsonSourceGenerationOptions(WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LakeManifest))]
internal sealed partial class LakeJson : JsonSerializerContext;
