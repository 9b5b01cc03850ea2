using RecSys.Core.Domain;
using RecSys.Core.Import;

namespace RecSys.Tests.Import;

/// <summary>JSON lines and CSV, through the importers into a store.</summary>
public abstract class RecordImportTest : ImportTest
{
    protected async Task<ImportReport> ImportAsync(string format, RecordKind kind, string content, double maxRejects = 0)
    {
        var path = Source.Write("rows", content);
        if (kind == RecordKind.Events) await KnowItemsAsync("i", "j");
        var options = Options with { MaxRejects = maxRejects };
        return await ImportAsync(format, kind, path, options);
    }

    protected Task<ImportReport> ImportAsync(string format, RecordKind kind, string path, ImportOptions options) =>
        new RecordImporter(Target, options).ImportAsync(format == "csv" ? RecordFormat.Csv : RecordFormat.Json, kind, [path], null, Ct);

    protected Task<RecSysException> FailsAsync(string format, RecordKind kind, string content) =>
        Assert.ThrowsAsync<RecSysException>(() => ImportAsync(format, kind, content));
}
