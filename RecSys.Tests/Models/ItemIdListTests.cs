using System.Text;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class ItemIdListTests
{
    [Fact]
    public void Parse_IdsOfManyKinds_GivesThemBack()
    {
        string[] ids = ["a", "ünï", "日本語", new string('é', 256), "a b", "A", "😀"];

        var list = ItemIdList.Parse(Encoding.UTF8.GetBytes(string.Concat(ids.Select(id => id + "\n"))), ids.Length);

        Assert.Equal(ids, list);
        Assert.Equal("ünï", Encoding.UTF8.GetString(list.Utf8(1)));
        Assert.Equal(ids[3], list[3]);
    }

    [Theory]
    [InlineData("a\nb\na\n", 3, "repeats an id in line 3")]
    [InlineData("a\nb\n", 3, "has 2 lines, the manifest says 3 items")]
    [InlineData("a\nb\nc", 3, "does not end with a line feed")]
    [InlineData("a\n\nc\n", 3, "no valid id in line 2")]
    [InlineData("a\nb\tc\nd\n", 3, "no valid id in line 2")]
    [InlineData("a\nb\u0085c\nd\n", 3, "no valid id in line 2")]
    public void Parse_Damaged_SaysWhere(string text, int count, string named)
    {
        var refusal = Assert.Throws<FormatException>(() => ItemIdList.Parse(Encoding.UTF8.GetBytes(text), count));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooLongOrNoUtf8_IsRefused()
    {
        Assert.Throws<FormatException>(() => ItemIdList.Parse(Encoding.UTF8.GetBytes(new string('a', 257) + "\n"), 1));
        Assert.Throws<FormatException>(() => ItemIdList.Parse([0xc3, 0x28, (byte)'\n'], 1));
    }
}
