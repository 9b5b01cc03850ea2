using RecSys.Core.Retrieval.Text;

namespace RecSys.Tests.Retrieval;

public sealed class TextNGramsTests
{
    private static List<int> Rows(string text, int limit = 1000)
    {
        var rows = new List<int>();
        TextNGrams.Append(text, 1 << 30, limit, rows);
        return rows;
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(" -- !", 0)]
    [InlineData("a", 2)]
    [InlineData("toy", 4)]
    [InlineData("Toy Story (1995)", 4 + 6 + 1)]
    public void Append_Text_GivesOneRowPerWordAndTrigram(string text, int expected) => Assert.Equal(expected, Rows(text).Count);

    [Fact]
    public void Append_OtherCaseAndPunctuation_IsEqual() => Assert.Equal(Rows("toy story"), Rows("TOY, Story!"));

    [Fact]
    public void Append_SimilarWords_ShareTrigrams()
    {
        Assert.Equal(6, Rows("recommend").Intersect(Rows("recommerce")).Count());
        Assert.Empty(Rows("apple").Intersect(Rows("monkey")));
    }

    [Fact]
    public void Append_LongText_StopsAtTheLimit()
    {
        Assert.Equal(10, Rows(string.Join(' ', Enumerable.Range(0, 1000)), 10).Count);
        Assert.Equal(Rows(new string('x', 64)), Rows(new string('x', 5000)));
    }
}
