using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting;

/// <summary>
/// <c>appsettings.json</c> is the reference of all options: it names each of them with the value that it has anyway.
/// </summary>
public sealed class SettingsTests
{
    // Defaults that differ from machine to machine, what is computed from other options, and what has a section of its own.
    private static readonly string[] LeftOut =
        ["Training:Towers:Threads", "Text:Threads", "Text:IsConfigured", "Training:Text", "Training:Retrieval", "Training:Candidates"];

    // As settings are written: enumerations by name.
    private static readonly JsonSerializerOptions Named =
        new() { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private static readonly Type[] PartsOfSections = [typeof(TwoTowerOptions), typeof(LightGbmOptions)];

    private static readonly Dictionary<string, Type> SectionsOfTheProgram = new[] { typeof(Item).Assembly, typeof(Settings).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static) is not null)
        .Except(PartsOfSections)
        .ToDictionary(type => (string)type.GetField("SectionName")!.GetRawConstantValue()!);

    public static TheoryData<string> Sections => [.. SectionsOfTheProgram.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Sections_OfTheFile_AreThoseOfTheProgram() =>
        Assert.Equal([.. SectionsOfTheProgram.Keys.Append("Logging").Append("Scenarios").Order(StringComparer.Ordinal)],
            ReadFile().Select(section => section.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Section_OfTheFile_NamesEveryOptionWithItsDefault(string section) =>
        Assert.Equal(Defaults(section), Lines(section, ReadFile()[section]));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Section_OfTheFile_BindsToTheDefaults(string section)
    {
        var type = SectionsOfTheProgram[section];
        var bound = Configuration().GetSection(section).Get(type);

        Assert.NotNull(bound);
        Assert.Equal(Defaults(section), Lines(section, JsonSerializer.SerializeToNode(bound, type, Named)));
    }

    // The two tests above would not notice a binder that reads nothing.
    [Theory]
    [InlineData("Seen:ConsumedDays", "30")]
    [InlineData("Training:Towers:Dimension", "64")]
    [InlineData("Training:Towers:ReducedPrecision", "false")]
    [InlineData("Training:Ranker:LambdaL1", "0.5")]
    public void Option_ThatIsChanged_Arrives(string option, string value)
    {
        var section = option.Split(':')[0];
        var type = SectionsOfTheProgram[section];
        var bound = Configuration(KeyValuePair.Create<string, string?>(option, value)).GetSection(section).Get(type);

        Assert.Contains($"{option} = {value}", Lines(section, JsonSerializer.SerializeToNode(bound, type, Named)));
    }

    [Fact]
    public void Read_OptionThatDoesNotExist_NamesItAndThoseThatDo()
    {
        var configuration = Configuration(KeyValuePair.Create<string, string?>("Training:Towers:Epochs", "2"));

        var message = Assert.Throws<RecSysException>(() => SectionReader.Read<TrainingOptions>(configuration, "Training")).Message;

        Assert.StartsWith("There is no setting Training:Towers:Epochs; Training:Towers has ", message, StringComparison.Ordinal);
        Assert.Contains("MaxEpochs", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Seen:ConsumedDays=30", "Seen:ConsumedDays=40")]
    [InlineData("Seen:ConsumedDays=30", "seen:consumedDAYS=30")]
    public void Load_TheSameSettingTwice_IsRefusedByName(string first, string second)
    {
        var message = Assert.Throws<RecSysException>(() => Settings.Load([first, "Seen:DedupDays=3", second])).Message;

        Assert.StartsWith("--set gives seen:consumeddays twice", message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("3", Settings.Load([first, "Seen:DedupDays=3"])["Seen:DedupDays"]);
    }

    [Theory]
    [InlineData("0.9", "0.1", false)]
    [InlineData("0.75", "0.25", false)]
    [InlineData("0.9", "0.25", false)]
    [InlineData("0.85", "0.14", true)]
    [InlineData("0.8", "0.1", true)]
    public void Read_SharesOfANight_MustLeaveATestPart(string train, string validation, bool taken)
    {
        var configuration = Configuration(
            KeyValuePair.Create<string, string?>("Training:Nightly:TrainShare", train),
            KeyValuePair.Create<string, string?>("Training:Nightly:ValidationShare", validation));

        if (taken) Assert.NotNull(SectionReader.Read<TrainingOptions>(configuration, "Training"));
        else
        {
            var refusal = Assert.Throws<RecSysException>(() => SectionReader.Read<TrainingOptions>(configuration, "Training"));
            Assert.Contains($"Training:Nightly:TrainShare ({train})", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Lower one of them", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Training:Gate:MinAucGain", "-0.4")]
    [InlineData("Training:Gate:SegmentLoss", "1.4")]
    [InlineData("Training:Gate:MinAucGain", "NaN")]
    [InlineData("Training:Gate:MinAucGain", "1e300")]
    [InlineData("Training:Nightly:MinRefitOverlap", "-0.4")]
    [InlineData("Training:Nightly:MinRefitOverlap", "-Infinity")]
    [InlineData("Training:Nightly:TrainShare", "NaN")]
    public void Read_NumberOutOfItsRange_IsRefusedByName(string option, string value)
    {
        var configuration = Configuration(KeyValuePair.Create<string, string?>(option, value));

        var message = Assert.Throws<RecSysException>(() => SectionReader.Read<TrainingOptions>(configuration, "Training")).Message;

        Assert.Contains($"{option.Split(':')[^1]} must be between", message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_BesideTheProgram_IsTheOneOfTheRepository() =>
        Assert.Equal(File.ReadAllText(Repository.File("appsettings.json")),
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")));

    private static JsonObject ReadFile() => JsonNode.Parse(
        File.ReadAllText(Repository.File("appsettings.json")),
        documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject();

    private static IConfiguration Configuration(params KeyValuePair<string, string?>[] changes) => new ConfigurationBuilder()
        .AddJsonFile(Repository.File("appsettings.json"))
        .AddInMemoryCollection(changes)
        .Build();

    private static IEnumerable<string> Defaults(string section)
    {
        var type = SectionsOfTheProgram[section];
        return Lines(section, JsonSerializer.SerializeToNode(Activator.CreateInstance(type), type, Named));
    }

    private static IEnumerable<string> Lines(string path, JsonNode? node) => Flatten(path, node).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Flatten(string path, JsonNode? node)
    {
        if (LeftOut.Contains(path)) return [];
        return node is JsonObject group
            ? group.SelectMany(entry => Flatten($"{path}:{entry.Key}", entry.Value))
            : [$"{path} = {node?.ToJsonString() ?? "null"}"];
    }
}
