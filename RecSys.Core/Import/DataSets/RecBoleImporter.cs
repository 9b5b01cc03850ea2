using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports a folder of RecBole's atomic files (<see href="https://recbole.io"/>): one <c>*.inter</c> and, where present, <c>*.item</c> and
/// <c>*.user</c>; tables separated by tabs whose header gives each column a kind, as in <c>user_id:token</c>.
/// <list type="bullet">
/// <item>An interaction with a <c>rating</c> is a rating. One with a <c>label</c> is an impression, and a click where the label is 1.
/// Others are of the type that the options say, or clicks.</item>
/// <item>An item's title is the column whose name has <c>title</c> or <c>name</c> in it; the first of <c>class</c>, <c>genre(s)</c> or
/// <c>category</c> gives category and tags; other columns become attributes.</item>
/// </list>
/// Without items the interactions' items are stored with nothing but their ids, so that the interactions count.
/// </summary>
public sealed class RecBoleImporter(ImportTarget target, ImportOptions options)
{
    private readonly ImportOptions options = MeaningFile.Complete(options);
    private readonly TimeReading times = new(options.TimeUnit, TimeZoneInfo.Utc);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        ImportFiles.Require(directory, "RecBole's atomic files", "*.inter");
        using var ledger = new ImportLedger("recbole", options);
        using var staging = new ImportStaging(target, options);
        var items = ImportFiles.Matching(directory, "*.item").ToList();
        foreach (var path in items) Read(path, ledger, "item_id", (row, kinds) => staging.Add(RecBoleFields.Item(row, kinds)), progress,
            ct);
        foreach (var path in ImportFiles.Matching(directory, "*.user"))
            Read(path, ledger, "user_id", (row, kinds) => staging.Add(RecBoleFields.User(row, kinds)), progress, ct);
        var bare = items.Count > 0 ? null : new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in ImportFiles.Matching(directory, "*.inter"))
            Read(path, ledger, "user_id", (row, kinds) => StageInteraction(row, kinds, bare, staging), progress, ct);
        await staging.StoreAsync(progress, ct);
        return await staging.ReportAsync(ledger, ct) with
        {
            Notes = [.. times.Found is { } found ? [$"times are {found}"] : (string[])[], .. staging.Notes],
        };
    }

    private static void Read(
        string path, ImportLedger ledger, string id, Action<TableRow, RecBoleColumns> stage, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var table = TableReader.Tsv(path, ledger);
        try
        {
            var columns = new RecBoleColumns(path, table.Header, id);
            if (id == "user_id" && path.Contains(".inter", StringComparison.Ordinal)) columns.Require(path, "item_id", "timestamp");
            TableLoop.Read(table, Path.GetFileName(path), ledger, row => stage(row, columns), progress, ct);
        }
        finally
        {
            table.Dispose();
        }
    }

    private void StageInteraction(TableRow row, RecBoleColumns columns, HashSet<string>? bare, ImportStaging staging)
    {
        var label = columns.Number(row, "label");
        var rating = columns.Number(row, "rating");
        var word = options.Type ?? "click";
        var type = rating is not null ? EventType.Rating : label is not null ? EventType.Impression
            : TypeNames.FindType(word) ?? throw new RecSysException($"--type {word} is none of {EventTypes.AllNames}.");
        var e = new Event
        {
            Id = "", UserId = columns.Required(row, "user_id"), ItemId = columns.Required(row, "item_id"), Type = type,
            Time = times.Read(columns.Required(row, "timestamp"), "timestamp"), Value = rating,
        };
        e = EventRules.Checked(e with { Id = RecordParser.DerivedId(e) }, options.Clock);
        var click = label > 0 ? e with { Type = EventType.Click } : null;
        if (bare?.Add(e.ItemId) == true) staging.Add(new Item { Id = e.ItemId, Title = "", Category = "" });
        staging.Add(e);
        if (click is not null) staging.Add(click with { Id = RecordParser.DerivedId(click) });
    }
}
