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

    [Fact]
    public void Columns_AnyItem_SayWhatTheItemSays()
    {
        var created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var catalog = ItemCatalog.Create([Make("a"), Make("b") with { CreatedAt = created }]);

        Assert.Equal((long.MinValue, created.ToUnixTimeMilliseconds()), (catalog.CreatedMs(0), catalog.CreatedMs(1)));
        Assert.True(catalog.TryGetOrdinal("xbx".AsSpan(1, 1), out var b));
        Assert.Equal(1, b);
    }

    [Fact]
    public void DuplicateKey_TitleAndCreator_AreBothCompared()
    {
        var item = Make("a") with { Title = "T", Creator = "C" };
        var catalog = ItemCatalog.Create([item, item with { Id = "same" }, item with { Id = "1", Title = "t" }, item with { Id = "2", Creator = "c" },
            item with { Id = "3", Creator = null }, item with { Id = "4", Creator = "" }, item with { Id = "5", Title = "C", Creator = "T" }]);

        Assert.Equal(catalog.DuplicateKey(0), catalog.DuplicateKey(1));
        Assert.Equal(6, Enumerable.Range(0, 7).Select(catalog.DuplicateKey).Distinct().Count());
    }
}
