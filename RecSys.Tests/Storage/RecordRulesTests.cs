using System.Text;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public sealed class RecordRulesTests
{
    [Fact]
    public void Text_AnyUtf16_IsRefusedExactlyWhenStrictEncodingFailsOrANulIsInIt()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var characters = Gen.OneOf(Gen.Char['\u0001', 'z'], Gen.Char['\ud7f0', '\ue010'], Gen.Const('\ud83d'), Gen.Const('\ude00'),
            Gen.Char['\0', '\u0003']);

        characters.Array[0, 8].Sample(chars =>
        {
            var text = new string(chars);
            var good = !text.Contains('\0', StringComparison.Ordinal);
            try
            {
                strict.GetByteCount(text);
            }
            catch (EncoderFallbackException)
            {
                good = false;
            }
            Assert.Equal(good, RecordRules.Text("field", text) is null);
        });
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("../a b", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("a\u007f", false)]
    public void Id_Text_IsJudged(string id, bool good) => Assert.Equal(good, RecordRules.Id("id", id) is null);

    [Fact]
    public void Id_Length_IsAtMost256()
    {
        Assert.Null(RecordRules.Id("id", new string('x', 256)));
        Assert.NotNull(RecordRules.Id("id", new string('x', 257)));
    }

    [Fact]
    public void FindProblem_AnyRecordOfTheGenerators_IsNull()
    {
        Sample.AnyUser.Sample(user => RecordRules.FindProblem(user) is null);
        Sample.AnyItem.Sample(item => RecordRules.FindProblem(item) is null);
        Sample.AnyEvent.Sample(e => RecordRules.FindProblem(e) is null);
    }

    [Fact]
    public void FindProblem_BadEvent_NamesTheFieldButNotTheValue()
    {
        var good = Sample.Event("1");

        Assert.Contains("time", RecordRules.FindProblem(good with { Time = DateTimeOffset.MinValue }), StringComparison.Ordinal);
        Assert.Contains("time", RecordRules.FindProblem(good with { Time = DateTimeOffset.MaxValue }), StringComparison.Ordinal);
        Assert.Contains("type", RecordRules.FindProblem(good with { Type = (EventType)200 }), StringComparison.Ordinal);
        Assert.Contains("value", RecordRules.FindProblem(good with { Value = double.PositiveInfinity }), StringComparison.Ordinal);
        Assert.Null(RecordRules.FindProblem(good with { Value = 1e15, Amount = -1e15 }));
        Assert.Contains("value is not between", RecordRules.FindProblem(good with { Value = -1.1e15 }), StringComparison.Ordinal);
        Assert.Contains("amount is not between", RecordRules.FindProblem(good with { Amount = 1e306 }), StringComparison.Ordinal);
        Assert.Contains("position", RecordRules.FindProblem(good with { Position = -1 }), StringComparison.Ordinal);
        Assert.Contains("request_id", RecordRules.FindProblem(good with { RequestId = "" }), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", RecordRules.FindProblem(good with { UserId = "secret\0" }), StringComparison.Ordinal);
    }

    [Fact]
    public void FindProblem_BadAttribute_SaysWhatIsAllowedButNotTheValue()
    {
        Assert.Contains("finite", Problem(AttributeValue.Of(double.NaN)), StringComparison.Ordinal);
        Assert.Contains("NUL", Problem("secret\0"), StringComparison.Ordinal);
        Assert.Contains("surrogate", Problem(AttributeValue.Of(["secret", "\ud800"])), StringComparison.Ordinal);
        Assert.Contains("more than 256 texts", Problem(AttributeValue.Of(Enumerable.Repeat("secret", 257))), StringComparison.Ordinal);
        Assert.Contains("1800", Problem(AttributeValue.Of(DateTimeOffset.MinValue)), StringComparison.Ordinal);
        Assert.Contains("more than 256 attributes", RecordRules.FindProblem(Sample.Item("i") with
        {
            Attributes = Enumerable.Range(0, 257).ToDictionary(i => $"{i}", i => AttributeValue.Of("secret")),
        }), StringComparison.Ordinal);

        static string Problem(AttributeValue value)
        {
            var problem =
                RecordRules.FindProblem(Sample.Item("i") with { Attributes = new Dictionary<string, AttributeValue> { ["a"] = value } });
            Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
            return problem!;
        }
    }
}
