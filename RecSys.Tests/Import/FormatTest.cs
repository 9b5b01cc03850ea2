using RecSys.Core.Domain;
using RecSys.Core.Import;

namespace RecSys.Tests.Import;

/// <summary>Imports rows that a test writes down, with items that are known.</summary>
public abstract class FormatTest : ImportTest
{
    protected const string Header = "user_id,item_id,type,time";

    protected Task<ImportReport> ImportAsync(
        string content, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv, Func<ImportOptions,
            ImportOptions>? with = null) =>
        ImportAsync([Source.Write("rows", content)], kind, format, with);

    protected async Task<ImportReport> ImportAsync(
        string[] paths, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv, Func<ImportOptions,
            ImportOptions>? with = null)
    {
        if (kind == RecordKind.Events) await KnowItemsAsync("i", "7");
        return await new RecordImporter(Target, with is null ? Options : with(Options)).ImportAsync(format, kind, paths, null, Ct);
    }

    protected async Task<string> FailureAsync(string content, RecordKind kind = RecordKind.Events, RecordFormat format = RecordFormat.Csv,
        Func<ImportOptions, ImportOptions>? with = null) =>
        (await Assert.ThrowsAsync<RecSysException>(() => ImportAsync(content, kind, format, with))).Message;

    protected static async Task<string> RejectsAsync(ImportReport report) => await File.ReadAllTextAsync(report.RejectsPath!, Ct);

    protected static Func<ImportOptions, ImportOptions> Column(string field, string column) =>
        options => options with { Columns = new Dictionary<string, string> { [field] = column } };
}
