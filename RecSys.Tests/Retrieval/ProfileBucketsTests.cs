using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Retrieval;

public sealed class ProfileBucketsTests
{
    private static int[] Fill(User? user, byte device = 0, byte location = 0)
    {
        var buckets = new int[ProfileBuckets.Max];
        return buckets[..ProfileBuckets.Fill(user, device, location, buckets)];
    }

    [Fact]
    public void Fill_NothingKnown_IsEmpty()
    {
        Assert.Empty(Fill(null));
        Assert.Empty(Fill(new User { Id = "x" }));
    }

    [Fact]
    public void Fill_EachField_AddsItsOwnBucket()
    {
        var user = new User { Id = "x", Gender = "F", Age = 33, Location = "SF", Attributes = new Dictionary<string,
            string> { ["occupation"] = "3" } };

        var all = Fill(user, 1, 1);

        Assert.Equal(6, all.Distinct().Count());
        Assert.All(all, b => Assert.InRange(b, 0, ProfileBuckets.TableRows - 1));
        Assert.Equal(Fill(user, 1, 1), all);
        Assert.Equal(Fill(user with { Age = 34 }, 1, 1), all);
        Assert.NotEqual(Fill(user with { Age = 35 }, 1, 1), all);
    }

    [Fact]
    public void Fill_TooManyAttributes_KeepsTheRequestContext()
    {
        var user = new User { Id = "x", Attributes = Enumerable.Range(0, 100).ToDictionary(i => $"k{i}", i => "v") };

        var all = Fill(user, 2, 7);

        Assert.Equal(ProfileBuckets.Max, all.Length);
        Assert.Equal(Fill(null, 2, 7), all[^2..]);
    }
}
