using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Api.Endpoints.Gorse;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Endpoints.Gorse;

/// <summary>A server that was not told to answer gorse's clients, or not in a way that it understands.</summary>
[Collection(ServedCollection.Name)]
public sealed class GorseOffTests
{
    [Fact]
    public async Task Routes_ThatNobodyEnabled_AreNotThere()
    {
        await using var server = await BareServer.StartAsync();
        using var gorse = new GorseClient(server.Address, ServerFixture.Token("root", "admin"));
        using var admin = server.Client("root", "admin");

        // Without the routes the key is none.
        Assert.Equal(HttpStatusCode.Unauthorized, (await gorse.CallAsync("GET", "/api/items")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.CallAsync("GET", "/api/gorse/api/items")).Status);
    }

    [Fact]
    public void FeedbackType_ThatStandsForNothing_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var options = new GorseOptions { FeedbackTypes = { ["share"] = "liek" } };

        var failure = Assert.Throws<RecSysException>(() =>
            new GorseTypes(options, new FolderMeaning(folder.Path, NullLogger<FolderMeaning>.Instance)));

        Assert.Contains("Gorse:FeedbackTypes:share: 'liek' is no type of event", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0h0m0s", 0)]
    [InlineData("1h2m3s", 3723_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("250ms", 250)]
    [InlineData("0", 0)]
    [InlineData("5", null)]
    [InlineData("", null)]
    [InlineData("-5s", null)]
    [InlineData("5 s", null)]
    [InlineData("48h", null)]
    public void Duration_IsReadAsGoWritesIt(string text, int? milliseconds)
    {
        var isOne = GorseDuration.TryParse(text, out var duration);

        Assert.Equal((milliseconds is not null, milliseconds ?? 0), (isOne, (int)duration.TotalMilliseconds));
    }
}
