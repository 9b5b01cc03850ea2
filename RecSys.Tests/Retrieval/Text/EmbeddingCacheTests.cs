using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Core.Retrieval.Text;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval.Text;

public sealed class EmbeddingCacheTests : IDisposable
{
    private static readonly string Model = new('a', 64);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private EmbeddingCache Open(int capacity = 100, int dimension = 2) => new(folder.Path, Model, dimension, capacity, NullLogger.Instance);

    private static TextKey Key(int i) => TextKey.Of($"text {i}");

    private static void Add(EmbeddingCache cache, params int[] texts)
    {
        foreach (var i in texts) cache.Add(Key(i), [i, -i]);
    }

    private static int[] Present(EmbeddingCache cache, int upTo = 20) =>
        [.. Enumerable.Range(0, upTo).Where(i => cache.TryGet(Key(i), out _))];

    private string StoredFile => Assert.Single(Directory.GetFiles(folder.Path));

    [Fact]
    public void Save_ThenOpenedAgain_HasTheSameValues()
    {
        var cache = Open();
        Add(cache, 1, 2, 3);
        cache.Save();

        var again = Open();

        Assert.Equal([1, 2, 3], Present(again));
        Assert.True(again.TryGet(Key(2), out var values));
        Assert.Equal([2f, -2f], values);
    }

    [Fact]
    public void Add_Full_DropsWhatTheRunDidNotUseOldestFirst()
    {
        var cache = Open(capacity: 4);
        Add(cache, 0, 1, 2, 3);
        cache.Save();
        Assert.True(cache.TryGet(Key(0), out _));
        Add(cache, 10, 11);
        cache.Save();

        Assert.Equal(4, cache.Count);
        Assert.Equal([0, 3, 10, 11], Present(cache));
        Assert.Equal([0, 3, 10, 11], Present(Open(capacity: 4)));
    }

    [Fact]
    public void Add_FullOfThisRunsEntries_TakesNothingMore()
    {
        var cache = Open(capacity: 3);

        Add(cache, 0, 1, 2, 3, 4);

        Assert.Equal([0, 1, 2], Present(cache));
    }

    [Fact]
    public void Save_ManyRunsOverMoreTextsThanFit_StaysBounded()
    {
        var cache = Open(capacity: 5);
        for (var run = 0; run < 20; run++)
        {
            for (var i = 0; i < 8; i++)
            {
                if (!cache.TryGet(Key(run + i), out _)) Add(cache, run + i);
            }
            cache.Save();
            Assert.Equal(5, cache.Count);
        }
        Assert.Equal(5, Present(Open(capacity: 5), 40).Length);
    }

    [Fact]
    public void Open_SmallerCapacityThanTheFile_IsBounded()
    {
        var cache = Open();
        Add(cache, [.. Enumerable.Range(0, 10)]);
        cache.Save();

        Assert.Equal(4, Open(capacity: 4).Count);
    }

    [Fact]
    public void Open_FileDamagedAnywhere_IsEmptyAndUsable()
    {
        var cache = Open();
        Add(cache, 1, 2);
        cache.Save();
        var sound = File.ReadAllBytes(StoredFile);

        for (var at = 0; at < sound.Length; at++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[at] ^= 0x10;
            File.WriteAllBytes(StoredFile, bytes);
            Assert.Equal(0, Open().Count);
            File.WriteAllBytes(StoredFile, sound[..at]);
            Assert.Equal(0, Open().Count);
        }
        var repaired = Open();
        Add(repaired, 7);
        repaired.Save();
        Assert.Equal([7], Present(Open()));
    }

    [Fact]
    public void Save_FolderThatCannotBeWritten_KeepsServing()
    {
        File.WriteAllText(folder["file"], "");
        var cache = new EmbeddingCache(Path.Combine(folder["file"], "below"), Model, 2, 10, NullLogger.Instance);

        Add(cache, 1);
        cache.Save();

        Assert.Equal([1], Present(cache));
    }
}
