using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Dashboard;
using RecSys.Api.Dashboard.Sessions;

namespace RecSys.Tests.Dashboard;

public sealed class DashboardSessionsTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Find_BeforeAndAfterTheTokensEnd_FindsAndFindsNot()
    {
        var sessions = new DashboardSessions(new DashboardOptions(), time);
        var (name, session) = sessions.Begin("token", time.GetUtcNow().AddMinutes(30));

        time.Advance(TimeSpan.FromMinutes(29));
        Assert.Same(session, sessions.Find(name));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(sessions.Find(name));
        Assert.Equal(0, sessions.Count);
        Assert.True(session.Ended.IsCancellationRequested);
    }

    [Fact]
    public void Find_OfATokenForAYear_EndsAfterTheHoursOfTheOption()
    {
        var sessions = new DashboardSessions(new DashboardOptions { SessionHours = 2 }, time);
        var (name, _) = sessions.Begin("token", time.GetUtcNow().AddYears(1));

        time.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.NotNull(sessions.Find(name));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(sessions.Find(name));
    }

    [Fact]
    public void Begin_WithAsManyAsMayBe_EndsTheOldest()
    {
        var sessions = new DashboardSessions(new DashboardOptions { MaxSessions = 3 }, time);
        var begun = Enumerable.Range(0, 5).Select(_ => sessions.Begin("token", time.GetUtcNow().AddHours(1))).ToList();

        Assert.Equal(3, sessions.Count);
        Assert.Equal([false, false, true, true, true], begun.Select(each => sessions.Find(each.Name) is not null));
        Assert.Equal([true, true, false, false, false], begun.Select(each => each.Session.Ended.IsCancellationRequested));
        Assert.Equal(10, begun.SelectMany(each => new[] { each.Name, each.Session.Csrf }).Distinct().Count());
    }

    [Fact]
    public void End_OfAnUnknownName_EndsNobody()
    {
        var sessions = new DashboardSessions(new DashboardOptions(), time);
        var (name, _) = sessions.Begin("token", time.GetUtcNow().AddHours(1));

        sessions.End("somebody else");
        Assert.NotNull(sessions.Find(name));
        sessions.End(name);
        Assert.Null(sessions.Find(name));
    }

    [Fact]
    public void Codes_EachOnceWithinAnHourAndFewAtATime()
    {
        var codes = new SignInCodes(time);
        var given = Enumerable.Range(0, 10).Select(_ => codes.Give()).ToList();

        // Eight wait; the two oldest made room.
        Assert.Equal([false, false, true], given.Take(3).Select(code => codes.Take(code) is not null));
        Assert.Null(codes.Take(given[2]));
        Assert.Null(codes.Take(""));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(codes.Take(given[3]));
    }

    [Theory]
    [InlineData("Production", "__Host-recsys", true)]
    [InlineData("Development", "recsys-session", false)]
    public void Cookie_OutsideDevelopment_TravelsOverTlsAlone(string environment, string name, bool secure)
    {
        var http = new DefaultHttpContext();
        new SessionCookie(new HostingEnvironment { EnvironmentName = environment }).Write(http.Response, "value", time.GetUtcNow());

        var parts = http.Response.Headers.SetCookie.Single()!.Split("; ");
        Assert.Equal($"{name}=value", parts[0]);
        Assert.Equal(secure, parts.Contains("secure"));
        Assert.Contains("httponly", parts);
        Assert.Contains("samesite=strict", parts);
        Assert.Contains("path=/", parts);
    }

    [Theory]
    [InlineData("http://images.example")]
    [InlineData("https://images.example/path")]
    [InlineData("https://images.example; script-src *")]
    [InlineData("images.example")]
    public void Options_WithSomethingElseThanAnOrigin_AreRefused(string host)
    {
        var options = new DashboardOptions { ImageHosts = { "https://fine.example", host } };

        Assert.Single(options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)));
    }
}
