using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class TrafficSplitTests
{
    private const int Users = 1_000_000;

    // Computed by an independent implementation (FNV-1a over UTF-8 with the salt folded into the offset, MurmurHash3's finaliser, remainder
    // by 10,000): replicas, restarts and later versions of the program must agree with them.
    public static TheoryData<string, string, string> ReferenceAssignments => new()
    {
        { "spring-2026", "alice_12345", "control" },
        { "spring-2026", "u", "control" },
        { "spring-2026", "user_1", "a" },
        { "spring-2026", "user_2", "b" },
        { "spring-2026", "user_3", "control" },
        { "spring-2026", "user_7", "control" },
        { "spring-2026", "üñïcødé-用户", "control" },
        { "spring-2026", new string('x', 256), "control" },
        { "rank_v2", "alice_12345", "a" },
        { "rank_v2", "u", "a" },
        { "rank_v2", "user_1", "control" },
        { "rank_v2", "user_2", "control" },
        { "rank_v2", "user_3", "a" },
        { "rank_v2", "user_7", "b" },
        { "rank_v2", "üñïcødé-用户", "a" },
        { "rank_v2", new string('x', 256), "control" },
    };

    [Fact]
    public void Assign_MillionUsers_AreSpreadEvenly()
    {
        // One arm per 1/16 of the traffic, so that both parts of the hash are looked at.
        var split = new TrafficSplit("even", [.. Enumerable.Range(0, 16).Select(arm => new TrafficArm($"a{arm}", "v1", "p", 625))]);
        var counts = new int[16];
        foreach (var user in Ids()) counts[int.Parse(split.Assign(user).Variant[1..], null)]++;

        // 15 degrees of freedom: more than 37.7 happens once in a thousand fair experiments.
        Assert.True(ChiSquare(counts) < 37.7, $"χ² = {ChiSquare(counts)}: {string.Join(' ', counts)}");
    }

    [Fact]
    public void Assign_TwoExperiments_AreIndependent()
    {
        var (one, other) = (Halves("spring"), Halves("summer"));
        var counts = new int[4];
        foreach (var user in Ids())
            counts[(one.Assign(user).Variant == "control" ? 0 : 1) + (other.Assign(user).Variant == "control" ? 0 : 2)]++;

        // 3 degrees of freedom.
        Assert.True(ChiSquare(counts) < 16.3, $"χ² = {ChiSquare(counts)}: {string.Join(' ', counts)}");
    }

    [Fact]
    public void Assign_Ramp_NeverMovesAnybodyOutOfTheChallenger()
    {
        var steps = ((int[])[500, 2500, 5000, 10_000]).Select(share => Ramp("ramp", share)).ToArray();
        var counts = new int[steps.Length];
        foreach (var user in Ids())
        {
            var was = false;
            for (var step = 0; step < steps.Length; step++)
            {
                var challenged = steps[step].Assign(user).Variant == "challenger";
                Assert.True(challenged || !was, $"{user} left the challenger at step {step}");
                if (challenged) counts[step]++;
                was = challenged;
            }
        }
        // Within five standard deviations of a binomial.
        Assert.InRange(counts[0], 50_000 - 1090, 50_000 + 1090);
        Assert.InRange(counts[1], 250_000 - 2165, 250_000 + 2165);
        Assert.InRange(counts[2], 500_000 - 2500, 500_000 + 2500);
        Assert.Equal(Users, counts[3]);
    }

    [Fact]
    public void Assign_TwoChallengersInProportion_KeepTheirUsersOnTheRamp()
    {
        var steps = ((int[])[100, 500, 2500, 4000]).Select(share => new TrafficSplit("arms", [
            new TrafficArm("control", "v1", "p", 10_000 - 2 * share), new TrafficArm("a", "v2", "p", share),
                new TrafficArm("b", "v3", "p", share)])).ToArray();
        var counts = new Dictionary<string, int>();
        foreach (var user in Ids().Take(200_000))
        {
            var last = "control";
            foreach (var step in steps)
            {
                var variant = step.Assign(user).Variant;
                Assert.True(last == "control" || variant == last, $"{user} moved from {last} to {variant}");
                last = variant;
            }
            counts[last] = counts.GetValueOrDefault(last) + 1;
        }
        Assert.InRange(counts["a"], 80_000 - 1100, 80_000 + 1100);
        Assert.InRange(counts["b"], 80_000 - 1100, 80_000 + 1100);
    }

    [Theory]
    [MemberData(nameof(ReferenceAssignments))]
    public void Assign_KnownUsers_GetWhatTheyAlwaysGot(string experiment, string user, string variant)
    {
        var split = new TrafficSplit(experiment, [
            new TrafficArm("control", "v1", "p", 5000), new TrafficArm("a", "v2", "p", 3000), new TrafficArm("b", "v3", "q", 2000)]);

        Assert.Equal(variant, split.Assign(user).Variant);
        Assert.Equal(split.Assign(user), new TrafficSplit(experiment, split.Arms).Assign(user.AsSpan()));
    }

    [Fact]
    public void Assign_AnyShares_GiveNobodyAnArmOfNone() => Gen.Int[0, 10_000].Array[1, 15].Select(Gen.String).Sample((cuts, user) =>
    {
        int[] sorted = [0, .. cuts.Order(), 10_000];
        var arms = sorted.Zip(sorted.Skip(1), (low, high) => high - low).Select((share, arm) => new TrafficArm($"a{arm}", "v1", "p", share))
            .ToArray();
        var variant = new TrafficSplit("any", arms).Assign(user).Variant;
        return arms.Single(arm => arm.Variant == variant).Share > 0;
    });

    [Fact]
    public void Everybody_NoRollout_IsControlInNoExperiment()
    {
        var split = TrafficSplit.Everybody("v1.0.0", "p");

        Assert.All(Ids().Take(100), user => Assert.Equal(new Assignment("none", "control", "v1.0.0", "p"), split.Assign(user)));
        Assert.True(split.Uses("v1.0.0"));
        Assert.False(split.Uses("v1.0.1"));
    }

    public static TheoryData<string, TrafficArm[], string> Unsound => new()
    {
        { "Bad Name", [Arm("control", 10_000)], "experiment id" },
        { "e", [], "0 arms" },
        { "e", [.. Enumerable.Range(0, 17).Select(i => Arm($"a{i}", i == 0 ? 10_000 : 0))], "17 arms" },
        { "e", [Arm("control", 9_999)], "9999 of 10000" },
        { "e", [Arm("control", 10_001), Arm("b", -1)], "10001 of 10000" },
        { "e", [Arm("control", 5000), Arm("control", 5000)], "repeats" },
        { "e", [Arm("", 10_000)], "variant" },
        { "e", [Arm("control", 10_000) with { ModelVersion = "../v1" }], "model version for control" },
        { "e", [Arm("control", 10_000) with { PolicyHash = "" }], "no policy for control" },
    };

    [Theory]
    [MemberData(nameof(Unsound), DisableDiscoveryEnumeration = true)]
    public void Constructor_UnsoundSplit_NamesTheFault(string experiment, TrafficArm[] arms, string named) =>
        Assert.Contains(named, Assert.Throws<RecSysException>(() => new TrafficSplit(experiment, arms)).Message, StringComparison.Ordinal);

    private static TrafficArm Arm(string variant, int share) => new(variant, "v1", "p", share);

    private static TrafficSplit Ramp(string experiment, int share) =>
        new(experiment, [new TrafficArm("control", "v1", "p", 10_000 - share), new TrafficArm("challenger", "v2", "p", share)]);

    private static TrafficSplit Halves(string experiment) => Ramp(experiment, 5000);

    private static IEnumerable<string> Ids() => Enumerable.Range(0, Users).Select(i => $"user_{i}");

    private static double ChiSquare(int[] counts)
    {
        var expected = (double)counts.Sum() / counts.Length;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
