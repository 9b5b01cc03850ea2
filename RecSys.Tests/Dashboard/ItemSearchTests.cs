using RecSys.Api.Dashboard.Search;
using RecSys.Core.Domain;

namespace RecSys.Tests.Dashboard;

public sealed class ItemSearchTests
{
    private static readonly string[] Words = ["red", "Redwood", "lamp", "LAMP-shade", "old", "gold", "été", "table"];

    [Fact]
    public void Find_OverRandomTitles_FindsWhatAPlainReadingFinds()
    {
        var random = new Random(3);
        var items = Enumerable.Range(0, 3000).Select(number => Make(
            $"{"abR"[random.Next(3)]}-{number}",
            string.Join(' ', Enumerable.Range(0, 3).Select(_ => Words[random.Next(Words.Length)])))).ToList();
        var catalog = ItemCatalog.Create(items);
        foreach (var gone in Enumerable.Range(0, 300)) catalog.Remove(gone * 7);

        foreach (var text in (string[])["a", "A-1", "r", "red", "RED lam", "lamp sh", "sh", "gold old", "ét", "nothing", "b-17"])
        {
            var wanted = Enumerable.Range(0, items.Count).Where(at => at % 7 != 0 || at / 7 >= 300).Where(at =>
                items[at].Id.StartsWith(text, StringComparison.OrdinalIgnoreCase)
                || text.Split(' ').All(word =>
                    items[at].Title.Split(' ', '-').Any(part => part.StartsWith(word, StringComparison.OrdinalIgnoreCase))));

            Assert.Equal(wanted.Order(), All(catalog, text, 50).Order());
        }
    }

    [Fact]
    public void Find_TheIdItself_ComesFirstAndOnce()
    {
        var catalog = ItemCatalog.Create([Make("b1", "x"), Make("b", "x"), Make("b2", "b")]);

        Assert.Equal([1, 0, 2], ItemSearch.Find(catalog, "b", 0, 50, out var next));
        Assert.Null(next);
        Assert.Equal([1], ItemSearch.Find(catalog, "b", 0, 1, out next));
        Assert.Equal(0, next);
    }

    [Fact]
    public void Find_ManyItems_LooksAtABoundedNumberAndSaysWhereToGoOn()
    {
        var catalog = ItemCatalog.Create(Enumerable.Range(0, ItemSearch.LookedAt + 10)
            .Select(number => Make($"n{number}", number == ItemSearch.LookedAt + 5 ? "late" : "")));

        Assert.Empty(ItemSearch.Find(catalog, "late", 0, 50, out var next));
        Assert.Equal(ItemSearch.LookedAt, next);
        Assert.Equal([ItemSearch.LookedAt + 5], ItemSearch.Find(catalog, "late", next!.Value, 50, out next));
        Assert.Null(next);
    }

    private static Item Make(string id, string title) => new() { Id = id, Title = title, Category = "c" };

    private static List<int> All(ItemCatalog catalog, string text, int page)
    {
        var (found, from) = (new List<int>(), (int?)0);
        while (from is { } at)
        {
            var part = ItemSearch.Find(catalog, text, at, page, out from);
            Assert.InRange(part.Count, 0, page);
            found.AddRange(part);
        }
        return found;
    }
}
