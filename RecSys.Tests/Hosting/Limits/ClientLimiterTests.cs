using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Hosting.Limits;

namespace RecSys.Tests.Hosting.Limits;

public sealed class ClientLimiterTests
{
    private readonly FakeTimeProvider time = new();
    private readonly LimitOptions options = new() { Recommend =
        new OperationLimits { PerSecond = 10, Burst = 5, ServicePerSecond = 100, ServiceBurst = 50 }, MaxClients = 100 };

    [Fact]
    public void Take_BurstSpent_WaitsAsLongAsItSays()
    {
        var limiter = new ClientLimiter(options, time);
        var client = new ClientKey(OperationClass.Recommend, "alice");

        for (var i = 0; i < 5; i++) Assert.Null(limiter.Take(client, isService: false));
        var wait = Assert.NotNull(limiter.Take(client, isService: false));

        Assert.Equal(0.1, wait.TotalSeconds, 6);
        time.Advance(wait - TimeSpan.FromMicroseconds(1));
        Assert.NotNull(limiter.Take(client, isService: false));
        time.Advance(TimeSpan.FromMicroseconds(2));
        Assert.Null(limiter.Take(client, isService: false));
    }

    [Fact]
    public void Take_OtherClientsClassesAndServices_HaveBudgetsOfTheirOwn()
    {
        var limiter = new ClientLimiter(options, time);
        for (var i = 0; i < 6; i++) limiter.Take(new ClientKey(OperationClass.Recommend, "alice"), isService: false);

        Assert.NotNull(limiter.Take(new ClientKey(OperationClass.Recommend, "alice"), isService: false));
        Assert.Null(limiter.Take(new ClientKey(OperationClass.Recommend, "bob"), isService: false));
        Assert.Null(limiter.Take(new ClientKey(OperationClass.Events, "alice"), isService: false));
        Assert.Null(limiter.Take(new ClientKey(OperationClass.Recommend, "shop"), isService: true));
        Assert.Null(limiter.Take(new ClientKey(OperationClass.None, "alice"), isService: false));
    }

    // Against a plain token bucket with fractions.
    [Fact]
    public void Take_AnySequence_AgreesWithATokenBucket() => Gen.Int[0, 400].Array[1, 200].Sample(pauses =>
    {
        var clock = new FakeTimeProvider();
        var limiter = new ClientLimiter(options, clock);
        var client = new ClientKey(OperationClass.Recommend, "alice");
        decimal tokens = 5;
        foreach (var pause in pauses)
        {
            clock.Advance(TimeSpan.FromMilliseconds(pause));
            tokens = Math.Min(5, tokens + (pause / 100m));
            var expected = tokens >= 1;
            if (expected) tokens--;
            Assert.Equal(expected, limiter.Take(client, isService: false) is null);
        }
    });

    [Fact]
    public void Take_MoreClientsThanPlaces_ShareTheRestAndMemoryIsBounded()
    {
        var limiter = new ClientLimiter(options, time);

        var refused = Enumerable.Range(0, 10_000)
            .Count(i => limiter.Take(new ClientKey(OperationClass.Recommend, $"u{i}"), isService: false) is not null);

        Assert.Equal(100, limiter.Clients);
        Assert.True(refused >= 10_000 - 100 - (ClientLimiter.SharedBudgets * 5), $"{refused}");
        Assert.Null(limiter.Take(new ClientKey(OperationClass.Recommend, "u1"), isService: false));

        // When the first hundred have been quiet long enough, others get their places.
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limiter.Take(new ClientKey(OperationClass.Recommend, "late"), isService: false));
        Assert.Equal(1, limiter.Clients);
    }

    [Fact]
    public void Of_Addresses_Ipv6CountsByNetwork()
    {
        Assert.Equal(Key("2001:db8::1"), Key("2001:db8::ffff:2"));
        Assert.NotEqual(Key("2001:db8::1"), Key("2001:db8:0:1::1"));
        Assert.NotEqual(Key("10.0.0.1"), Key("10.0.0.2"));
        Assert.Equal(Key("10.0.0.1"), Key("::ffff:10.0.0.1"));

        static ClientKey Key(string address) => ClientKey.Of(IPAddress.Parse(address), OperationClass.Recommend);
    }
}
