using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using RecSys.Tests.Documentation;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>The files of the dashboard as they lie in the program, served over HTTP.</summary>
public sealed partial class SiteFilesTests
{
    private const string Folder = "RecSys.Api/Dashboard/Site";
    private const string Vendored = "vendor/";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Repository.File(Folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.File(Folder), file)).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public async Task EveryFile_IsServedToAnybody_AndAskedAgainIsNotSentAgain()
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client();

        foreach (var file in Files)
        {
            using var reply = await client.GetAsync($"/dashboard/{file}", Token);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            var content = await File.ReadAllBytesAsync(Repository.File($"{Folder}/{file}"), Token);
            Assert.Equal(content, await reply.Content.ReadAsByteArrayAsync(Token));
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/dashboard/{file}");
            again.Headers.IfNoneMatch.Add(reply.Headers.ETag!);
            using var unchanged = await client.SendAsync(again, Token);
            Assert.Equal((HttpStatusCode.NotModified, 0L), (unchanged.StatusCode, unchanged.Content.Headers.ContentLength ?? 0));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/app.js")]
    public async Task File_Headers_LetNothingRunThatIsNotAFileOfOurs(string path)
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.Client();

        using var reply = await client.GetAsync(path, Token);

        var policy = reply.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("style-src 'self'", policy);
        Assert.Contains("img-src 'self' data:", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", string.Join(' ', policy), StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(new CacheControlHeaderValue { NoCache = true }, reply.Headers.CacheControl);
    }

    [Fact]
    public async Task ImageHosts_OfTheOption_AreTheOnlyOthersInThePolicy()
    {
        await using var server = await BareServer.StartAsync(null, ("Dashboard:ImageHosts:0", "https://images.example"));
        using var client = server.Client();

        using var reply = await client.GetAsync("/", Token);

        Assert.Contains("img-src 'self' data: https://images.example;", reply.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboard_TurnedOff_IsNotThere()
    {
        await using var server = await BareServer.StartAsync(null, ("Dashboard:Enabled", "false"));
        using var admin = server.Client("root", "admin");

        foreach (var path in (string[])["/", "/dashboard", "/dashboard/app.js", "/dashboard/session", "/dashboard/stream"])
            Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.CallAsync("GET", "/models")).Status);
    }

    [Fact]
    public void Pages_HaveNoScriptAndNoStyleInThemselves()
    {
        var page = File.ReadAllText(Repository.File($"{Folder}/index.html"));

        Assert.DoesNotMatch(@"<style|\sstyle=|\son\w+=|javascript:", page);
        Assert.All(Script().Matches(page), script => Assert.Contains("src=", script.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Scripts_MakeNoMarkupOfTextAndNameNoOtherHost()
    {
        foreach (var file in Files.Where(file => Path.GetExtension(file) == ".js" && !file.StartsWith(Vendored, StringComparison.Ordinal)))
        {
            var code = File.ReadAllText(Repository.File($"{Folder}/{file}"));
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function|sessionStorage", code);
            Assert.DoesNotContain(Address().Matches(code), match => match.Value != "http://www.w3.org");
            Assert.All(Import().Matches(code), import => Assert.Contains(
                Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(
                    Repository.File(Folder), Path.GetDirectoryName(file)!, import.Groups[1].Value)))[(Folder.Length + 1)..], Files));
        }
    }

    [Fact]
    public void ThirdParty_SaysWhatEveryLibraryIs()
    {
        var rows = Pages.TableRows($"{Folder}/vendor/THIRD-PARTY.md", "## Files").Where(cells => cells[0].StartsWith('`'))
            .ToDictionary(cells => cells[0].Trim('`'), cells => cells[3].Trim('`', ' ', '|'));

        Assert.Equal(Files.Where(file => file.StartsWith(Vendored, StringComparison.Ordinal) && file != Vendored + "THIRD-PARTY.md")
            .Select(file => file[Vendored.Length..]), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(
            row.Value, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.File($"{Folder}/vendor/{row.Key}"))))));
    }

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();

    [GeneratedRegex("https?://[\\w.-]+")]
    private static partial Regex Address();

    [GeneratedRegex("from '(\\.[^']+)'")]
    private static partial Regex Import();
}
