using CsCheck;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Tests.Retrieval.Text;

public sealed class AccentFoldingTests
{
    // Expected: canonical decomposition (NFD) less the characters of category Mn, by the Unicode database.
    [Theory]
    [InlineData("Amélie Müller \u2014 déjà vu", "Amelie Muller \u2014 deja vu")]
    [InlineData("İstanbul \u0386\u0388\u0389 \u0390 \u03B0 \u0401 \u0439 \u0407 \u2260 Å",
        "Istanbul \u0391\u0395\u0397 \u03B9 \u03C5 \u0415 \u0438 \u0406 = A")]
    [InlineData("e\u0301\u0323o", "eo")]
    [InlineData("\uAC01\uD558 \uAC00\uD7A3", "\u1100\u1161\u11A8\u1112\u1161 \u1100\u1161\u1112\u1175\u11C2")]
    [InlineData("\u30AC\u30AE\u30D1 \u0935\u0915\u093C\u094D\u0924", "\u30AB\u30AD\u30CF \u0935\u0915\u0924")]
    [InlineData("Łódź Ørsted straße æ", "Łodz Ørsted straße æ")]
    [InlineData("\u1ED9 \u0958 \u09CB \u1F82 \uFB01²", "o \u0915 \u09C7\u09BE \u03B1 \uFB01²")]
    [InlineData("\u65E5\u672C \uD83D\uDE00\u0301", "\u65E5\u672C \uD83D\uDE00")]
    public void Apply_LettersWithMarks_LeavesTheLetters(string text, string expected) => Assert.Equal(expected, AccentFolding.Apply(text));

    [Fact]
    public void Apply_AnyText_IsDoneInOneStep() => Gen.String.Sample(text =>
    {
        var once = AccentFolding.Apply(text);
        Assert.Equal(once, AccentFolding.Apply(once));
    });

    [Fact]
    public void Apply_NothingToFold_GivesTheSameInstance()
    {
        foreach (var text in new[] { "plain", "\u6771 \u0141" }) Assert.Same(text, AccentFolding.Apply(text));
    }
}
