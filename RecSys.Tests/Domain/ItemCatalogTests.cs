using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class ItemCatalogTests
{
    private static Item Make(string id, string category = "a") => new() { Id = id, Title = id, Category = category };

    [Fact]
    public void With_KnownAndNewItems_KeepsOrdinals()
    {
        var first = ItemCatalog.Create([Make("x"), Make("y", "b")]);

        var second = first.With([Make("z", "c"), Make("x", "b")]);

        Assert.Equal(3, second.Count);
        Assert.True(second.TryGetOrdinal("x", out var x));
        Assert.True(second.TryGetOrdinal("z", out var z));
        Assert.Equal((0, 2), (x, z));
        Assert.Equal("b", second.CategoryName(second.CategoryOf(x)));
        Assert.Equal("a", first.CategoryName(first.CategoryOf(x)));
    }

    [Fact]
    public void IsServable_FlaggedOrUnavailable_IsFalse()
    {
        var catalog = ItemCatalog.Create([Make("ok"), Make("off") with { Available = false }, Make("bad") with { Flagged = true }]);

        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(catalog.IsServable));
    }
}
