using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Tests.Expressions;

/// <summary>Columns follow the catalogue, what is missing passes no filter, and a text that comes again is not read again.</summary>
public sealed class ExpressionColumnTests
{
    private static readonly ExpressionLimits Limits = new();

    private static Item Make(int number) => new() { Id = $"i{number}", Title = "t", Category = "c" };

    [Fact]
    public void Select_ItemsChangeAndGo_SeesThemAsTheyAre()
    {
        var catalog = ItemCatalog.Create(Enumerable.Range(0, 5000).Select(Make));
        Assert.Empty(Passing(catalog, "price > 10"));

        catalog.Put(4500, Make(4500) with { Price = 11, Tags = ["a", "b"] });
        catalog.Put(5000, Make(5000) with { Price = 12, Category = "new", Creator = "somebody" });
        Assert.Equal([4500, 5000], Passing(catalog, "price > 10"));
        Assert.Equal([4500], Passing(catalog, "tags has 'b'"));
        Assert.Equal([5000], Passing(catalog, "category = 'new' and creator = 'somebody'"));

        catalog.Put(4500, Make(4500) with { Price = 9, Tags = ["b"] });
        catalog.Remove(5000);
        Assert.Empty(Passing(catalog, "price > 10"));
        Assert.Equal([4500], Passing(catalog, "tags has 'b' and not tags has 'a'"));
    }

    [Fact]
    public void Select_AttributesBeyondTheMost_AreNotKeptAndSaidToBe()
    {
        var catalog = ItemCatalog.Create([]);
        catalog.KeepFields(maxAttributes: 2);
        foreach (var name in (string[])["one", "two", "three"])
        {
            catalog.Put(catalog.Count, Make(catalog.Count) with
            {
                Attributes = new Dictionary<string, AttributeValue> { [name] = AttributeValue.Of(1) },
            });
        }

        Assert.Equal([1], Passing(catalog, "attributes.two = 1"));
        Assert.Null(ExpressionReader.Filter("attributes.three = 1", Limits, out var fault)!.Bind(Scope(catalog), out fault));
        Assert.Contains("Limits:MaxAttributes", fault!.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price > 1", false)]
    [InlineData("not price > 1", false)]
    [InlineData("price > 1 or true", true)]
    [InlineData("has(price)", false)]
    [InlineData("not has(price)", true)]
    [InlineData("coalesce(price, 5) > 1", true)]
    [InlineData("price > 1 or not price > 1", false)]
    [InlineData("1 / 0 > 0", false)]
    [InlineData("not 1 / 0 > 0", false)]
    [InlineData("not tags has 'x'", true)]
    [InlineData("user.age > 1", false)]
    [InlineData("context.anything = 'x'", false)]
    public void Passes_SomethingUnknown_IsNeitherTrueNorFalse(string text, bool passes)
    {
        var catalog = ItemCatalog.Create([Make(0)]);

        Assert.Equal(passes, Passing(catalog, text).Length == 1);
    }

    [Fact]
    public void Cache_ATextAgain_GivesTheSameExpressionAndOldOnesMakeRoom()
    {
        var cache = new ExpressionCache(Limits, capacity: 4);
        var first = cache.Filter("price > 1", out var fault);
        Assert.Null(fault);
        Assert.Same(first, cache.Filter("price > 1", out _));
        for (var i = 0; i < 4; i++) cache.Filter($"price > {i + 2}", out _);
        // Asked for since, so it is kept.
        Assert.Same(first, cache.Filter("price > 1", out _));
        for (var i = 0; i < 20; i++) cache.Filter($"price > {i + 20}", out _);
        Assert.NotSame(first, cache.Filter("price > 1", out _));
        // The same text means something else as a factor.
        Assert.Null(cache.Factor("price > 1", out fault));
        Assert.Equal("a condition", fault!.Found);
    }

    private static ExpressionScope Scope(ItemCatalog catalog) => new() { Catalog = catalog, NowMs = 0 };

    private static int[] Passing(ItemCatalog catalog, string text)
    {
        var filter = ExpressionReader.Filter(text, Limits, out var fault)?.Bind(Scope(catalog), out fault);
        Assert.True(filter is not null, fault?.ToString());
        var bits = new ulong[(catalog.Count + 63) / 64];
        filter.Select(catalog.Count, bits);
        return [.. Enumerable.Range(0, catalog.Count).Where(item => (bits[item >> 6] >> (item & 63) & 1) != 0)];
    }
}
