using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.Meaning;

namespace RecSys.Tests.Import;

/// <summary>What an import was told and later ones into the folder go by: maps of words, and how ids are read.</summary>
public sealed class KeptRulesTests : FormatTest
{
    private static Func<ImportOptions, ImportOptions> Map(string word, string type) => options => options with
    {
        Types = new Dictionary<string, MappedType> { [word] = MappedType.Parse(type) },
    };

    private static ImportOptions Whole(ImportOptions options) => options with { WholeIds = true };

    [Fact]
    public async Task Map_GivenOnce_HoldsForTheNextImportAndAddsToThoseBefore()
    {
        await ImportAsync($"{Header}\nu,i,bought,1700000000\n", with: Map("bought", "purchase"));
        await ImportAsync($"{Header}\nu,i,seen,1700000001\n", with: Map("seen", "view"));

        var report = await ImportAsync($"{Header}\nv,i,bought,1700000002\nv,i,seen,1700000003\n");

        Assert.Equal((1, 1), (report.Events[EventType.Purchase], report.Events[EventType.View]));
        Assert.Contains(report.Notes, note => note.Contains("bought as purchase (1), seen as view (1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Map_OfARehearsalOrARefusedImport_IsNotKept()
    {
        const string Rows = $"{Header}\nu,i,bought,1700000000\n";
        await ImportAsync(Rows, with: options => Map("bought", "purchase")(options) with { DryRun = true });
        await FailureAsync($"{Rows}u,i,?,1700000000\n", with: Map("bought", "purchase"));

        Assert.Contains("'bought' (1)", await FailureAsync(Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Types_Unknown_AreNamedByFrequencyWithOptionsThatHelp()
    {
        var rows = $"{Header}\n" + string.Concat(Enumerable.Range(0, 3).Select(n => $"u,i,purchse,{1700000000 + n}\n"))
            + "u,i,looked at,1700000010\nu,i,view,1700000020\n";

        var message = await FailureAsync(rows);

        Assert.Contains("unknown words for types are 'purchse' (3), 'looked at' (1); say what each stands for: "
            + "--map purchse=purchase --map \"looked at=…\"", message, StringComparison.Ordinal);
        var report = await ImportAsync(rows, with: options => options with { MaxRejects = 1 });
        Assert.Contains(report.Notes, note => note.Contains("'purchse' (3)", StringComparison.Ordinal));
        Assert.Equal((4, 3), (report.Rejected, report.RejectReasons[0].Rows + report.RejectReasons.Skip(1).Sum(reason => reason.Rows) - 1));
    }

    [Fact]
    public async Task WholeIds_GivenOnce_HoldForTheNextImportUntilToldOtherwise()
    {
        await ImportAsync("id,title\n5.0,T\n", RecordKind.Items, with: Whole);

        var items = await ImportAsync("id,title\n6.0,T\n", RecordKind.Items);
        var events = await ImportAsync($"{Header}\n1.0,5.0,click,1700000000\n");
        await ImportAsync("id,title\n8.0,T\n", RecordKind.Items, with: options => options with { WholeIds = false });

        Assert.NotNull(await ItemAsync("6"));
        Assert.Null(await ItemAsync("6.0"));
        Assert.NotNull(await ItemAsync("8.0"));
        Assert.Equal(("1", "5"), Assert.Single(await EventsAsync()) is var e ? (e.UserId, e.ItemId) : default);
        Assert.All([items, events], report => Assert.Contains(report.Notes,
            note => note.Contains("as an earlier import into this folder was told", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WholeIds_WhereItemsCameInWithoutThem_EventsWaitThenComeInAndTheDoublesAreTold()
    {
        await ImportAsync("id,title\n1.0,T\n2.0,T\n", RecordKind.Items);
        var waiting = await ImportAsync($"{Header}\nu,1.0,click,1700000000\nu,2.0,click,1700000001\n", with: Whole);
        Assert.Equal(2, waiting.Parked);
        Assert.Contains("import the catalogue again with --whole-ids", waiting.UnknownItems!.Cause, StringComparison.Ordinal);

        // The advice.
        var items = await ImportAsync("id,title\n1.0,T\n2.0,T\n", RecordKind.Items, with: Whole);

        Assert.Equal((2, 2, 0), (items.Items.Added, items.CameIn, (await Database.Contents.CountAsync(Ct)).Parked));
        Assert.Contains(items.Notes, note => note.StartsWith(
            "warning: 2 items are stored under the id with .0, too, such as '1.0' beside '1'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("user_id", " u,i,click,1700000000")]
    [InlineData("item_id", "u,i\u00a0,click,1700000000")]
    public async Task Id_WithSpacesAroundIt_IsRefusedByName(string field, string row) =>
        Assert.Contains($"{field} must not begin or end with a space", await FailureAsync($"{Header}\n{row}\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Rules_ThatShareAValue_AreRefusedAndTheAdviceHelps()
    {
        const string Rows = "user_id,item_id,rating,time\nu,i,3,1700000000\n";
        ImportOptions Ruled(ImportOptions options, string positive, string negative) => options with
        {
            Positive = [MeaningRule.Parse(positive)], Negative = [MeaningRule.Parse(negative)],
        };

        var message = await FailureAsync(Rows, with: options => Ruled(options, "rating>=3", "rating<=3"));

        Assert.Contains("a rating of 3 would be a wish by rating>=3 and count against by rating<=3", message, StringComparison.Ordinal);
        await AssertEmptyAsync();
        Assert.Equal(1, (await ImportAsync(Rows, with: options => Ruled(options, "rating>=3", "rating<3"))).Events[EventType.Rating]);
    }

    [Theory]
    [InlineData("rating>=3", "rating<=3", 3.0)]
    [InlineData("rating>3", "rating<=3", null)]
    [InlineData("rating>3", "rating<5", 4.0)]
    [InlineData("rating>3", "rating>=4", 4.0)]
    [InlineData("rating=3", "rating<4", 3.0)]
    [InlineData("rating=3", "rating=4", null)]
    [InlineData("rating", "rating<1", 0.0)]
    [InlineData("view", "view", 0.0)]
    [InlineData("view>=30", "rating<=50", null)]
    public void Shared_OfTwoRules_IsAValueThatBothApplyTo(string left, string right, double? expected)
    {
        var (one, other) = (MeaningRule.Parse(left), MeaningRule.Parse(right));

        Assert.Equal(expected, one.Shared(other));
        Assert.Equal(expected, other.Shared(one));
        if (expected is { } value) Assert.True(one.Applies(one.Type, value) && other.Applies(other.Type, value));
    }

    [Theory]
    [InlineData("rating>=12", true)]
    [InlineData("rating>10", true)]
    [InlineData("rating>=10", false)]
    [InlineData("rating=5", false)]
    public async Task Rule_BeyondTheScale_IsWarnedOf(string rule, bool isWarned)
    {
        var report = await ImportAsync("user_id,item_id,rating,time\nu,i,0,1700000000\nv,i,10,1700000001\n",
            with: options => options with { Positive = [MeaningRule.Parse(rule)] });

        Assert.Equal(isWarned, report.Notes.Any(note => note.StartsWith("warning: no rating on the scale 0 to 10", StringComparison.Ordinal)
            && note.Contains(rule, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"positive\": 3}")]
    [InlineData("{\"positve\": []}")]
    public async Task ImportFile_ThatIsNone_IsRefusedByNameWithoutNamesOfTheProgramsTypes(string content)
    {
        await File.WriteAllTextAsync(Data["import.json"], content, Ct);

        var message = await FailureAsync($"{Header}\nu,i,click,1700000000\n");

        Assert.Contains("import.json cannot be used", message, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"System\.|RecSys\.Core|\.NET", message);
    }

    [Theory]
    [InlineData("import.json")]
    [InlineData("imports/rules.json")]
    [InlineData("imports/rating-scale.json")]
    public async Task RulesFile_ThatIsAFolder_IsRefusedByName(string file)
    {
        Directory.CreateDirectory(Data[file]);

        Assert.Contains($"{Path.GetFileName(file)} cannot be used: it is a folder", await FailureAsync($"{Header}\nu,i,click,1700000000\n"),
            StringComparison.Ordinal);
    }
}
