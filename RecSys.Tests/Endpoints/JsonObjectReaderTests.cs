using System.Text.Json;
using RecSys.Api.Contracts.Reading;

namespace RecSys.Tests.Endpoints;

public sealed class JsonObjectReaderTests
{
    [Theory]
    [InlineData("text", "1", "wrong_type /o/text")]
    [InlineData("text", "[\"a\"]", "wrong_type /o/text")]
    [InlineData("text", "null", "missing /o/text")]
    [InlineData("text", null, "missing /o/text")]
    [InlineData("id", "\"a\\u0000\"", "invalid /o/id")]
    [InlineData("word", "\"green\"", "invalid /o/word")]
    [InlineData("number", "\"1\"", "wrong_type /o/number")]
    [InlineData("number", "-1", "invalid /o/number")]
    [InlineData("whole", "1.5", "wrong_type /o/whole")]
    [InlineData("whole", "\"1\"", "wrong_type /o/whole")]
    [InlineData("whole", "11", "wrong_type /o/whole")]
    [InlineData("whole", "2147483648", "wrong_type /o/whole")]
    [InlineData("flag", "\"true\"", "wrong_type /o/flag")]
    [InlineData("flag", "0", "wrong_type /o/flag")]
    [InlineData("time", "\"2026-11-25T17:00:00\"", "invalid /o/time")]
    [InlineData("time", "\"2026-13-25T17:00:00Z\"", "invalid /o/time")]
    [InlineData("time", "1764090000", "wrong_type /o/time")]
    [InlineData("texts", "{}", "wrong_type /o/texts")]
    [InlineData("texts", "[\"a\",1]", "wrong_type /o/texts/1")]
    [InlineData("texts", "[\"a\",\"b\",\"c\"]", "wrong_type /o/texts")]
    [InlineData("other", "1", "unknown_field /o")]
    public void Read_FieldThatIsWrong_SaysWhereAndRepeatsNoValue(string name, string? value, string expected)
    {
        var fields = new Dictionary<string, string>
        {
            ["text"] = "\"t\"", ["id"] = "\"i\"", ["word"] = "\"red\"", ["number"] = "0.5", ["whole"] = "10", ["flag"] = "false",
            ["time"] = "\"2026-11-25T17:00:00+01:00\"", ["texts"] = "[\"a\",\"b\"]",
        };
        Assert.Empty(Read(Json(fields)).Faults);
        if (value is null) fields.Remove(name);
        else fields[name] = value;

        var fault = Assert.Single(Read(Json(fields)).Faults);

        Assert.Equal(expected, $"{fault.Code} {fault.Pointer}");
        Assert.DoesNotContain("green", fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    public void Read_NoObject_IsOneFault(string json)
    {
        var reader = Read(json);

        Assert.False(reader.IsObject);
        Assert.Equal(("wrong_type", "/o"), (Assert.Single(reader.Faults).Code, reader.Faults[0].Pointer));
    }

    [Fact]
    public void AddRule_RuleOfAField_PointsToIt()
    {
        var reader = Read("""{"text":"t"}""");

        reader.AddRule("text must be shorter");
        reader.AddRule("all of it is too long");

        Assert.Equal(["/o/text must be shorter", "/o all of it is too long"],
            reader.Faults.Select(fault => $"{fault.Pointer} {fault.Detail}"));
    }

    private static string Json(Dictionary<string, string> fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";

    private static JsonObjectReader Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var reader = new JsonObjectReader(document.RootElement.Clone(), "/o");
        reader.Text("text", required: true);
        reader.Id("id");
        reader.Word("word", ["red", "blue"]);
        reader.Number("number", least: 0);
        reader.Whole("whole", 0, 10);
        reader.Flag("flag");
        reader.Time("time");
        reader.Texts("texts", 2);
        reader.Finish();
        return reader;
    }
}
