using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Documentation;

/// <summary>The table of options in the README beside <c>appsettings.json</c>, which another test compares with the program.</summary>
public sealed class ConfigurationTableTests
{
    [Fact]
    public void EveryOption_HasARow_OrIsInAGroup()
    {
        var written = Rows().SelectMany(row => row.Names).ToList();

        Assert.Equal([], Options().Keys.Where(option => !written.Any(name => Covers(name, option))));
    }

    [Fact]
    public void EveryRow_NamesOptionsThatExist() =>
        Assert.Equal([], Rows().SelectMany(row => row.Names).Where(name => !Options().Keys.Any(option => Covers(name, option))));

    [Fact]
    public void Defaults_AreThoseOfTheFile()
    {
        var options = Options();
        var single = Rows().Where(row => row.Defaults.Length > 0 && row.Names.All(options.ContainsKey)).ToList();

        Assert.True(single.Count > 20, $"Only {single.Count} rows have defaults to compare.");
        Assert.All(single,
            row => Assert.Equal(row.Names.Select(name => $"{name} = {Shown(options[name])}"),
            row.Names.Zip(row.Defaults, (name, value) => $"{name} = {value}")));
    }

    // "`A:B`, `C`" are A:B and A:C; "`A:B:*`" is all of a group.
    private static IEnumerable<(string[] Names, string[] Defaults)> Rows()
    {
        foreach (var cells in Pages.TableRows("README.md", "## Configuration").Where(cells => cells[0].StartsWith('`')))
        {
            var names = cells[0].Split(", ").Select(name => name.Trim('`', ' '))
                .Select(name => name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name).ToArray();
            var group = names[0].Contains(':', StringComparison.Ordinal) ? names[0][..(names[0].LastIndexOf(':') + 1)] : "";
            var values = cells[1].Split(", ").Select(value => value.Trim('`', ' ', '|')).Where(value => value.Length > 0).ToArray();
            yield return ([names[0], .. names.Skip(1).Select(name => group + name)], values);
        }
    }

    private static bool Covers(string name, string option) => option == name || option.StartsWith(name + ":", StringComparison.Ordinal);

    private static string Shown(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray { Count: 0 } => "none",
        _ => value.ToString(),
    };

    private static Dictionary<string, JsonNode?> Options()
    {
        var file = JsonNode.Parse(
            File.ReadAllText(Repository.File("appsettings.json")),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        return file.AsObject().Where(section => section.Key != "Logging").SelectMany(section => Leaves(section.Key, section.Value))
            .ToDictionary();
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Leaves(string path, JsonNode? node) => node is JsonObject group
        ? group.SelectMany(entry => Leaves($"{path}:{entry.Key}", entry.Value))
        : [KeyValuePair.Create(path, node)];
}
