using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class RefusedVersionsTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Add_SameCauseAndFiles_IsNoNewsAndKeepsItsTime()
    {
        var refused = new RefusedVersions(clock);
        var start = clock.GetUtcNow();

        Assert.True(refused.Add(new ModelRefusal("v1", RefusalCause.Memory, "needs 10, 9 are free", "f")));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(refused.Add(new ModelRefusal("v1", RefusalCause.Memory, "needs 10, 8 are free", "f")));
        Assert.Equal(new PooledModel("v1", PooledState.Refused, 0, 0, 0, start, "needs 10, 8 are free"), Assert.Single(refused.Rows));

        Assert.True(refused.Add(new ModelRefusal("v1", RefusalCause.Unsound, "cut", "f")));
        Assert.True(refused.Add(new ModelRefusal("v1", RefusalCause.Unsound, "cut", "g")));
        Assert.Equal("g", refused.Find("v1")?.Fingerprint);
        Assert.Equal(clock.GetUtcNow(), Assert.Single(refused.Rows).Since);
    }

    [Fact]
    public void Add_MoreThanAreKept_ForgetsTheOldest()
    {
        var refused = new RefusedVersions(clock);

        for (var i = 0; i < 65; i++) refused.Add(new ModelRefusal($"v{i}", RefusalCause.Unsound, "cut", "f"));

        Assert.Null(refused.Find("v0"));
        Assert.Equal(Enumerable.Range(1, 64).Select(i => $"v{i}"), refused.Rows.Select(row => row.Version));
        refused.Forget("v1");
        Assert.Null(refused.Find("v1"));
    }
}
