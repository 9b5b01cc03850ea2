using RecSys.Api.Commands;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Tests.Import;

namespace RecSys.Tests.Commands;

/// <summary>What <c>train</c> and <c>evaluate</c> say of events that wait, and that following it helps.</summary>
public sealed class DataWarningsTests : ImportTest
{
    private const string Header = "user_id,item_id,type,time";

    private Task<ImportReport> ImportAsync(RecordKind kind, string content) => new RecordImporter(Target, Options)
        .ImportAsync(RecordFormat.Csv, kind, [Source.Write("rows.csv", content)], null, Ct);

    [Fact]
    public async Task Write_OnlyWaitingEvents_SaysWhatBringsThemInAndItDoes()
    {
        await ImportAsync(RecordKind.Events, $"{Header}\nu,1,click,1700000000\nu,2,click,1700000001\n");

        var failure = await Assert.ThrowsAsync<RecSysException>(() => DataWarnings.WriteAsync(Database, Ct));
        Assert.Contains("2 of 2 events name no known item", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no items are stored yet: import them", failure.Message, StringComparison.Ordinal);
        var report = await ImportAsync(RecordKind.Items, "id,title\n1,T\n2,T\n");

        Assert.Equal(2, report.CameIn);
        var (counts, waiting) = await DataWarnings.WriteAsync(Database, Ct);
        Assert.Equal((2, null), (counts.Events, waiting));
    }

    [Fact]
    public async Task With_SomeWaitingEvents_TellsOfThemBesideWhatFailed()
    {
        await ImportAsync(RecordKind.Items, "id,title\n1,T\n");
        await ImportAsync(RecordKind.Events, $"{Header}\nu,1,click,1700000000\nu,9,click,1700000001\nv,9,click,1700000001\n");

        var (counts, waiting) = await DataWarnings.WriteAsync(Database, Ct);
        var failure = DataWarnings.With(new RecSysException("The log is too small. Import more."), waiting!, counts);

        Assert.StartsWith("The log is too small. Import more. Beside what is in the log, 2 of 3 events name no known item ('9')",
            failure.Message, StringComparison.Ordinal);
    }
}
