using RecSys.Api.Commands;
using RecSys.Core.Events;

namespace RecSys.Tests.Commands;

public sealed class ServeCommandTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static string? NoteOf(params DateTimeOffset[] events)
    {
        var clock = new LogClock();
        foreach (var time in events) clock.Apply(time.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds());
        return ServeCommand.AgeNote(clock.FeatureTimeMs, Now);
    }

    [Fact]
    public void AgeNote_LogThatEndedYearsAgo_SaysWhenAndAsOfWhen()
    {
        var note = NoteOf(new DateTimeOffset(2013, 5, 6, 8, 0, 0, TimeSpan.Zero))!;

        Assert.Contains("ended on 2013-05-06", note, StringComparison.Ordinal);
        Assert.Contains("2013-05-07 08:00Z", note, StringComparison.Ordinal);
    }

    [Fact]
    public void AgeNote_EmptyOrLiveLog_IsNone()
    {
        Assert.Null(NoteOf());
        Assert.Null(NoteOf(Now.AddHours(-1)));
        Assert.Null(NoteOf(Now.AddYears(-10), Now.AddMinutes(-1)));
    }
}
