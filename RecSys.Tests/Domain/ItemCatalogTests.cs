using CsCheck;
using RecSys.Core.Domain;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Domain;

public sealed class ItemCatalogTests
{
    private static Item Make(string id, string category = "a") => new() { Id = id, Title = id, Category = category };

    [Fact]
    public void Create_RepeatedId_ReplacesAndKeepsTheNumber()
    {
        var catalog = ItemCatalog.Create([Make("x"), Make("y", "b"), Make("z", "c"), Make("x", "b")]);

        Assert.Equal(3, catalog.Count);
        Assert.True(catalog.TryGetNumber("x", out var x));
        Assert.True(catalog.TryGetNumber("z"u8, out var z));
        Assert.Equal((0, 2), (x, z));
        Assert.Equal("b", catalog[x].Category);
        Assert.Equal(catalog.CategoryOf(1), catalog.CategoryOf(x));
        Assert.False(catalog.TryGetNumber("w", out _));
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
        var catalog = ItemCatalog.Create([Make("a") with { Creator = "" }, Make("b") with { CreatedAt = created, Creator = "m" }]);

        Assert.Equal((long.MinValue, created.ToUnixTimeMilliseconds()), (catalog.CreatedMs(0), catalog.CreatedMs(1)));
        Assert.Equal(("", "m"), (catalog[0].Creator, catalog[1].Creator));
        Assert.True(catalog.TryGetNumber("xbx".AsSpan(1, 1), out var b));
        Assert.Equal(1, b);
    }

    [Fact]
    public void DuplicateKey_TitleAndCreator_AreBothCompared()
    {
        var item = Make("a") with { Title = "T", Creator = "C" };
        var catalog =
            ItemCatalog.Create([item, item with { Id = "same" }, item with { Id = "1", Title = "t" }, item with { Id = "2", Creator = "c" },
            item with { Id = "3", Creator = null }, item with { Id = "4", Creator = "" },
            item with { Id = "5", Title = "C", Creator = "T" }]);

        Assert.Equal(catalog.DuplicateKey(0), catalog.DuplicateKey(1));
        Assert.Equal(6, Enumerable.Range(0, 7).Select(catalog.DuplicateKey).Distinct().Count());
    }

    // Many songs are called Home.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void DuplicateKey_TitleAlone_MakesNoDuplicate(string? creator)
    {
        var item = Make("a") with { Title = "Home", Creator = creator };

        var catalog = ItemCatalog.Create([item, item with { Id = "b" }]);

        Assert.NotEqual(catalog.DuplicateKey(0), catalog.DuplicateKey(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("N/A")]
    [InlineData("n.a.")]
    [InlineData("Untitled")]
    [InlineData("[no title]")]
    [InlineData("NULL")]
    [InlineData("-")]
    public void DuplicateKey_PlaceholderTitle_MakesNoDuplicate(string title) => Assert.False(AreDuplicates(title));

    [Theory]
    [InlineData("Nathan")]
    [InlineData("Untitled No. 5")]
    [InlineData("日本")]
    public void DuplicateKey_RealTitle_MakesOne(string title) => Assert.True(AreDuplicates(title));

    private static bool AreDuplicates(string title)
    {
        var item = Make("a") with { Title = title, Creator = "C" };
        var catalog = ItemCatalog.Create([item, item with { Id = "b" }]);
        return catalog.DuplicateKey(0) == catalog.DuplicateKey(1);
    }

    [Fact]
    public void Put_NumbersWithGaps_LeaveGapsThatAreNotServed()
    {
        var catalog = new ItemCatalog();
        catalog.Put(9000, Make("far"));
        catalog.Put(2, Make("near"));

        Assert.Equal(9001, catalog.Count);
        Assert.Equal(["", "near", "", "far", ""], new[] { 0, 2, 5000, 9000, 100_000 }.Select(catalog.IdOf));
        Assert.Equal([true, false, true, false, true], new[] { 0, 2, 5000, 9000, 100_000 }.Select(catalog.IsRemoved));
        Assert.Equal([false, true, false, true, false], new[] { 0, 2, 5000, 9000, 100_000 }.Select(catalog.IsServable));
        Assert.Equal((long.MinValue, "", null), (catalog.CreatedMs(5000), catalog.TitleOf(5000), catalog.ThumbnailOf(5000)));
    }

    [Fact]
    public void Put_NumberOrIdThatIsTaken_IsRefused()
    {
        var catalog = ItemCatalog.Create([Make("a"), Make("b")]);

        Assert.Throws<InvalidOperationException>(() => catalog.Put(0, Make("c")));
        Assert.Throws<InvalidOperationException>(() => catalog.Put(2, Make("a")));
        Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Put(-1, Make("c")));
        Assert.Throws<ArgumentException>(() => catalog.Put(2, Make("")));
        Assert.Equal((2, false), (catalog.Count, catalog.TryGetNumber("c", out _)));
        catalog.Put(2, Make("c"));
    }

    [Fact]
    public void Remove_Item_LeavesItsIdAndNumberAlone()
    {
        var catalog = ItemCatalog.Create([Make("a"), Make("b")]);

        Assert.True(catalog.Remove(0));
        Assert.False(catalog.Remove(0));
        Assert.False(catalog.Remove(7));

        Assert.True(catalog.TryGetNumber("a", out var a));
        Assert.Equal((0, "a", "", true, false), (a, catalog.IdOf(a), catalog.TitleOf(a), catalog.IsRemoved(a), catalog.IsServable(a)));
        Assert.Equal(("a", "", false), (catalog[a].Id, catalog[a].Title, catalog[a].Available));
        Assert.Throws<InvalidOperationException>(() => catalog.Put(0, Make("c")));
        catalog.Put(0, Make("a", "new"));
        Assert.Equal((true, "new"), (catalog.IsServable(0), catalog[0].Category));
    }

    [Fact]
    public void Item_AfterAnyChanges_IsWhatAPlainMapHolds() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 9], Gen.Int[0, 3], Sample.AnyItem).Array[1, 200].Sample(steps =>
        {
            var catalog = new ItemCatalog();
            var expected = new Dictionary<int, Item?>();
            foreach (var (number, action, size, any) in steps)
            {
                if (action == 0)
                {
                    Assert.Equal(expected.GetValueOrDefault(number) is not null, catalog.Remove(number));
                    if (expected.ContainsKey(number)) expected[number] = null;
                    continue;
                }
                // Up to 200 KB of text, so that blocks fill up and are given back.
                var item = any with { Id = $"id {number}", Description = new string('d', size * size * size * 7000) };
                catalog.Put(number, item);
                expected[number] = item;
            }

            Assert.Equal(expected.Keys.DefaultIfEmpty(-1).Max() + 1, catalog.Count);
            AssertHolds(catalog, expected);
            var stored = new MemoryStream();
            catalog.Write(stored);
            stored.Position = 0;
            AssertHolds(ItemCatalog.Read(stored, "copy"), expected);
        }, iter: 60, threads: 1);

    [Fact]
    public void TryGetNumber_ManyIds_FindsEachAndNothingElse()
    {
        const int count = 200_000;
        var catalog = new ItemCatalog();
        for (var i = 0; i < count; i++) catalog.Put(i, Make($"item-{i}"));

        for (var i = 0; i < count; i++)
        {
            Assert.True(catalog.TryGetNumber($"item-{i}", out var number));
            Assert.Equal(i, number);
            Assert.False(catalog.TryGetNumber($"item-{i}x", out _));
        }
    }

    [Fact]
    public void Put_ReplacingForEver_KeepsTheMemoryOfTextsBounded()
    {
        var catalog = ItemCatalog.Create(Enumerable.Range(0, 2000).Select(i => Make($"{i}") with { Description = new string('x', 500) }));
        var before = catalog.Memory.Texts;
        var random = new Random(1);

        for (var i = 0; i < 100_000; i++)
        {
            var number = random.Next(2000);
            catalog.Put(number, Make($"{number}") with { Description = new string('y', 400 + random.Next(200)) });
        }

        // 50 MB went through; half of each block may be dead, and one block is open.
        Assert.InRange(catalog.Memory.Texts, before / 2, 2 * before + 512 * 1024);
    }

    [Fact]
    public async Task Read_WhileItemsAreReplaced_IsTheOldOrTheNewOneAsAWhole()
    {
        const int items = 300;
        var catalog = ItemCatalog.Create(Enumerable.Range(0, items).Select(i => Stamped(i, 0)));
        using var done = new CancellationTokenSource();
        using var begun = new SemaphoreSlim(0);
        var readers = Enumerable.Range(0, 2)
            .Select(reader => Task.Run(() => ReadUntil(done.Token, reader), TestContext.Current.CancellationToken)).ToArray();

        // On a busy machine a reader may get its thread only after all rounds.
        foreach (var reader in readers) await Task.WhenAny(begun.WaitAsync(TestContext.Current.CancellationToken), reader);
        // The number of items grows by a third, through several growths of every table.
        var random = new Random(1);
        for (var round = 1; round <= 150_000; round++)
        {
            var number = round % 500 == 0 ? catalog.Count : random.Next(items);
            catalog.Put(number, Stamped(number, round));
            if (round % 1000 == 0) catalog.Remove(random.Next(items));
        }
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));

        long ReadUntil(CancellationToken stop, int seed)
        {
            var choose = new Random(seed);
            var reads = 0L;
            for (; !stop.IsCancellationRequested; reads++)
            {
                if (reads == 1) begun.Release();
                var count = catalog.Count;
                var number = choose.Next(count);
                var item = catalog[number];
                Assert.Equal($"n{number}", item.Id);
                Assert.True(catalog.TryGetNumber($"n{number}", out var found));
                Assert.Equal(number, found);
                if (item.Title.Length == 0) continue;
                var stamp = item.Title.Split(' ')[1];
                Assert.Equal(Stamped(number, int.Parse(stamp, System.Globalization.CultureInfo.InvariantCulture)).Description,
                    item.Description);
                Assert.Equal((stamp, stamp, stamp), (item.Creator, item.Tags[0], item.Attributes["stamp"].ToString()));
                Assert.StartsWith(catalog.TitleOf(number) is { Length: > 0 } title
                    ? title.Split(' ')[0] : "", $"item{number}", StringComparison.Ordinal);
            }
            return reads;
        }
    }

    [Fact]
    public void Capture_ThenChanges_WritesWhatWas()
    {
        var catalog = ItemCatalog.Create(Enumerable.Range(0, 5000).Select(i => Stamped(i, 0)));
        catalog.Remove(17);
        var stored = new MemoryStream();

        using (var snapshot = catalog.Capture())
        {
            Assert.Throws<InvalidOperationException>(() => catalog.Capture());
            for (var i = 0; i < 9000; i += 3) catalog.Put(i, Stamped(i, 1));
            catalog.Remove(4);
            snapshot.Write(stored);
        }
        stored.Position = 0;
        var copy = ItemCatalog.Read(stored, "copy");

        Assert.Equal((5000, 8998), (copy.Count, catalog.Count));
        AssertHolds(copy, Enumerable.Range(0, 5000).ToDictionary(i => i, i => i == 17 ? null : (Item?)Stamped(i, 0)));
        AssertHolds(catalog,
            Enumerable.Range(0, 5000).ToDictionary(i => i, i => i is 17 or 4 ? null : (Item?)Stamped(i, i % 3 == 0 ? 1 : 0)));
        // The copy lives on like any other.
        copy.Put(5000, Stamped(5000, 2));
        copy.Put(1, Stamped(1, 2));
        Assert.Equal(Stamped(1, 2).Title, copy.TitleOf(1));
        using (catalog.Capture()) Assert.Equal(stored.Length, stored.Position);
    }

    [Fact]
    public void Read_AnyByteChangedOrCut_IsRefusedByName()
    {
        var catalog = ItemCatalog.Create(Enumerable.Range(0, 20).Select(i => Stamped(i, 0)));
        var stored = new MemoryStream();
        catalog.Write(stored);
        var bytes = stored.ToArray();

        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[0, 7]).Sample((at, bit) =>
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << bit);
            AssertRefused(damaged);
        }, iter: 2000);
        Gen.Int[0, bytes.Length - 1].Sample(length => AssertRefused(bytes[..length]), iter: 500);
        AssertRefused([.. "something else entirely"u8]);

        static void AssertRefused(byte[] content)
        {
            var error = Assert.Throws<RecSysException>(() => ItemCatalog.Read(new MemoryStream(content), "items.snapshot"));
            Assert.Contains("items.snapshot", error.Message, StringComparison.Ordinal);
        }
    }

    private static Item Stamped(int number, int round) => new()
    {
        Id = $"n{number}", Title = $"item{number} {round}", Category = $"c{round % 7}", Creator = $"{round}", Tags = [$"{round}", "fix"],
        Description = new string((char)('a' + round % 26), 50 + round % 2000),
        Attributes = new Dictionary<string, AttributeValue> { ["stamp"] = AttributeValue.Of((double)round) },
    };

    private static void AssertHolds(ItemCatalog catalog, Dictionary<int, Item?> expected)
    {
        foreach (var (number, item) in expected)
        {
            Assert.Equal((item is null, item is { Available: true, Flagged: false }),
                (catalog.IsRemoved(number), catalog.IsServable(number)));
            if (item is null) continue;
            Sample.AssertSame(item, catalog[number]);
            Assert.Equal((item.Id, item.Title, item.ThumbnailUrl),
                (catalog.IdOf(number), catalog.TitleOf(number), catalog.ThumbnailOf(number)));
            Assert.True(catalog.TryGetNumber(item.Id, out var found));
            Assert.Equal(number, found);
        }
    }
}
