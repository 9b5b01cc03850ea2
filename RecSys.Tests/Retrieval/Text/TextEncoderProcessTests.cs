using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Tests.Retrieval.Text;

/// <summary>The real child process with the small model of the fixtures.</summary>
[Collection(TorchCollection.Name)]
public sealed class TextEncoderProcessTests
{
    private static readonly TextOptions Options = BertFixture.Options(BertFixture.Original);
    private static readonly string Hash = TextModelHash.Of(Options);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EncodeAsync_TextsOfAllKinds_EqualsTheEncoderInProcess()
    {
        using var encoder = BertTextEncoder.Load(Options);
        await using var process = new TextEncoderProcess(Options, TimeProvider.System, NullLogger<TextEncoderProcess>.Instance);
        string[] texts = ["hello", "", "two\nlines and \"quotes\"", "ünï \u2028 日本語", new string('x', 5000)];

        Assert.Equal(encoder.ModelHash, Hash);
        foreach (var text in texts)
        {
            var expected = encoder.Encode([text], null, Ct);
            var found = await process.EncodeAsync(text, Hash, Ct);
            Assert.Equal(expected.Length, found.Length);
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }

    [Fact]
    public async Task EncodeAsync_ChildDied_SaysSoAndStartsAnotherForTheNext()
    {
        await using var process = new TextEncoderProcess(Options, TimeProvider.System, NullLogger<TextEncoderProcess>.Instance);
        var first = await process.EncodeAsync("hello", Hash, Ct);
        using (var child = Process.GetProcessById(process.ChildId!.Value))
        {
            child.Kill();
            await child.WaitForExitAsync(Ct);
        }

        await Assert.ThrowsAsync<RecSysException>(() => process.EncodeAsync("hello", Hash, Ct));
        Assert.Null(process.ChildId);
        Assert.Equal(first, await process.EncodeAsync("hello", Hash, Ct));
        await process.EndAsync();
        Assert.Null(process.ChildId);
    }

    [Theory]
    [InlineData("sleep 60", "took more than")]
    [InlineData("echo '4 other'; sleep 60", "another one than at the start")]
    [InlineData("echo hello", "something else")]
    [InlineData("echo no such model >&2; exit 1", "no such model")]
    public async Task EncodeAsync_ChildThatDoesNotDoItsWork_IsEndedWithAReason(string script, string reason)
    {
        var time = script.StartsWith("sleep", StringComparison.Ordinal) ? new ImpatientTime() : TimeProvider.System;
        await using var process = new TextEncoderProcess(Options, time, NullLogger<TextEncoderProcess>.Instance)
        {
            Command = () => new ProcessStartInfo("bash", ["-c", script]),
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(() => process.EncodeAsync("hello", Hash, Ct));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Null(process.ChildId);
    }

    // Minutes pass in half a second, so that patience ends.
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromSeconds(0.5) : dueTime, period);
    }
}
