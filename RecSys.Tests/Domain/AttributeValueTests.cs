using System.Text.Json;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Domain;

public sealed class AttributeValueTests
{
    [Theory]
    [InlineData("12", AttributeKind.Number)]
    [InlineData("-0.5", AttributeKind.Number)]
    [InlineData("1E+300", AttributeKind.Number)]
    [InlineData("007", AttributeKind.Text)]
    [InlineData("12.50", AttributeKind.Text)]
    [InlineData("1e3", AttributeKind.Text)]
    [InlineData("1,000", AttributeKind.Text)]
    [InlineData(" 12", AttributeKind.Text)]
    [InlineData("NaN", AttributeKind.Text)]
    [InlineData("Infinity", AttributeKind.Text)]
    [InlineData("true", AttributeKind.Boolean)]
    [InlineData("True", AttributeKind.Text)]
    [InlineData("2026-01-31T12:00:00Z", AttributeKind.Time)]
    [InlineData("2026-01-31T12:00:00.1234567Z", AttributeKind.Time)]
    [InlineData("2026-01-31T12:00:00", AttributeKind.Text)]
    [InlineData("2026-02-31T12:00:00Z", AttributeKind.Text)]
    [InlineData("2026-01-31", AttributeKind.Text)]
    [InlineData("red|blue", AttributeKind.Text)]
    [InlineData("", AttributeKind.Text)]
    public void Infer_Text_HasTheKindAndStaysTheSameText(string text, AttributeKind kind)
    {
        var value = AttributeValue.Infer(text);

        Assert.Equal(kind, value.Kind);
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00Z")]
    [InlineData("2026-01-31T12:00:00.500-00:30", "2026-01-31T12:30:00.5Z")]
    public void Infer_TimeWithAnOffset_IsTheMoment(string text, string canonical) =>
        Assert.Equal(canonical, AttributeValue.Infer(text).ToString());

    /// <summary>What is imported as a typed value counts in features as the text did that it was before.</summary>
    [Fact]
    public void Infer_AnyText_IsCodedAsTheTextWas()
    {
        Gen.OneOf(Sample.Text, Gen.Int.Select(number => $"{number}"),
            Sample.Number.Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)), Gen.Const("true"))
            .Sample(text => Assert.Equal(ProfileCodes.Code(text), ProfileCodes.Code(AttributeValue.Infer(text).ToString())));
        Assert.Equal(12, ProfileCodes.Code(AttributeValue.Infer("12").ToString()));
    }

    [Fact]
    public void Json_AnyValue_ComesBackEqual() => Sample.Attribute.Sample(value =>
    {
        var copy = JsonSerializer.Deserialize<AttributeValue>(JsonSerializer.Serialize(value));

        Assert.True(copy == value);
        Assert.Equal(value.GetHashCode(), copy.GetHashCode());
    });

    [Fact]
    public void Json_EachKind_HasItsForm()
    {
        AttributeValue[] values =
            [AttributeValue.Of(1.5), "12", AttributeValue.Of(true), AttributeValue.Of(["a", "b"]),
                AttributeValue.Of(new DateTimeOffset(2026, 1, 31, 13, 0, 0, TimeSpan.FromHours(1)))];

        Assert.Equal("""[1.5,"12",true,["a","b"],"2026-01-31T12:00:00Z"]""", JsonSerializer.Serialize(values));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("1e309")]
    public void Json_OfNoKind_IsRefusedWithWhatIsAllowed(string json) =>
        Assert.Contains(AttributeValueConverter.Allowed,
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<AttributeValue>(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_OfOtherKinds_AreNotGiven()
    {
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Of("12").Number);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Of(1.0).Flag);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Of(true).Time);
        Assert.Equal(["a", "b"], AttributeValue.Of(["a", "b"]).Texts);
        Assert.Equal(["12"], AttributeValue.Of(12.0).Texts);
        Assert.False(AttributeValue.Of(1.0) == AttributeValue.Of(true));
        Assert.False(AttributeValue.Of("a|b") == AttributeValue.Of(["a", "b"]));
    }
}
