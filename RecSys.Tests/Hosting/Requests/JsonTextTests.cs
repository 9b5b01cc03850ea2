using System.Text;
using System.Text.Json;
using CsCheck;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Tests.Hosting.Requests;

public sealed class JsonTextTests
{
    public static TheoryData<string, string> Faulty => new()
    {
        { "", "" },
        { " ", "" },
        { "\uFEFF{}", "" },
        { """{"name":"a","count":1,}""", "/count" },
        { """{"name":"a",/* b */"count":1}""", "/name" },
        { """{"name":"a","name":"b","count":1}""", "/name" },
        { """{"name":"a","count":1e309}""", "/count" },
        { """{"name":"a","count":NaN}""", "/count" },
        { """{"name":"a","count":Infinity}""", "/count" },
        { """{"name":"\ud800","count":1}""", "/name" },
        { """{"name":"a","count":1,"parts":[{"value":1},{"value":1,"value":2}]}""", "/parts/1/value" },
        { """{"name":"a","count":1} {}""", "" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Find_FaultyText_SaysWhere(string json, string pointer)
    {
        var fault = FaultOf(Encoding.UTF8.GetBytes(json));

        Assert.NotNull(fault);
        Assert.Equal(pointer, fault.Value.Pointer);
        Assert.DoesNotContain("RecSys", fault.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Utf16OrBrokenUtf8_IsAFault()
    {
        const string json = """{"name":"a","count":1}""";

        Assert.Contains("UTF-16", FaultOf(Encoding.Unicode.GetBytes(json))!.Value.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-16", FaultOf([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(json)])!.Value.Message,
            StringComparison.Ordinal);
        Assert.Contains("UTF-16", FaultOf(Encoding.BigEndianUnicode.GetBytes(json))!.Value.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", FaultOf([.. "{\"name\":\""u8, 0xC3, 0x28, .. "\",\"count\":1}"u8])!.Value.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(100_000, true)]
    public void Find_Depth_EndsAtSixtyFour(int depth, bool faulty) =>
        Assert.Equal(faulty, JsonText.Find(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))) is not null);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"name":"ä\ud83d\ude00","count":1,"parts":[{"value":1e308},null,"x"]}""")]
    public void Find_GoodText_IsNull(string json) => Assert.Null(FaultOf(Encoding.UTF8.GetBytes(json)));

    // A pointer repeats at most 64 characters of a name, and half of a pair would be no text.
    [Fact]
    public void Find_LongNameTwice_CutsItBetweenCharacters()
    {
        var name = new string('a', 63) + "😀";

        var fault = FaultOf(Encoding.UTF8.GetBytes($$"""{"{{name}}":1,"{{name}}":2}"""));

        Assert.Equal("/" + new string('a', 63), fault?.Pointer);
    }

    // The framework's own strict parser is the judge; it does not look at half surrogates and huge numbers, which the generator does not
    // make.
    [Fact]
    public void Find_AnyMutation_AgreesWithTheFrameworksParser() => Gen.Select(Gen.Int[0, 60], Gen.Byte[32, 126]).Sample((at, with) =>
    {
        var json = """{"a":[1,2,{"b":"c","d":null}],"e":true,"f":{"g":0.5,"a":"x"}}"""u8.ToArray();
        json[at % json.Length] = with;

        Assert.Equal(Parses(json), JsonText.Find(json) is null);
    });

    private static bool Parses(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonFault? FaultOf(byte[] json) => JsonText.Find(json);
}
