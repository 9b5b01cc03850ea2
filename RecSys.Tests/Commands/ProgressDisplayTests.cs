using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands;
using RecSys.Core.Domain;

namespace RecSys.Tests.Commands;

public sealed class ProgressDisplayTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly StringWriter output = new() { NewLine = "\n" };

    public void Dispose() => output.Dispose();

    private string[] Lines => output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private ProgressDisplay Plain() => new(output, null, time);

    private ProgressDisplay Terminal(int width = 120) => new(output, () => width, time);

    private void After(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Report_NoTerminal_WritesALineEveryFewSecondsAndOneAtTheEnd()
    {
        using var display = Plain();
        for (var i = 0; i <= 120; i++)
        {
            display.Report(new WorkProgress("import", i * 1000, 120_000, Note: "loss 0.3"));
            After(0.1);
        }

        Assert.Equal(
            [
                "import 42 %  50,000 of 120,000 rows  10,000 rows/s  7.0 s left  loss 0.3",
                "import 83 %  100,000 of 120,000 rows  10,000 rows/s  2.0 s left  loss 0.3",
                "import: 120,000 rows in 0:12 min (10,000 rows/s)  loss 0.3",
            ],
            Lines);
    }

    [Fact]
    public void Report_Terminal_RedrawsOneLineAtMostTenTimesASecond()
    {
        using var display = Terminal();
        for (var i = 0; i <= 100; i++)
        {
            display.Report(new WorkProgress("train", i, 100, "steps"));
            After(0.01);
        }

        var text = output.ToString();
        Assert.Contains("\rtrain [######", text, StringComparison.Ordinal);
        Assert.InRange(text.Count(c => c == '['), 8, 10);
        // The only line that stays is the last one; the bar before it was wiped.
        Assert.Equal(1, text.Count(c => c == '\n'));
        Assert.EndsWith("\rtrain: 100 steps in 1.0 s (100 steps/s)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NarrowTerminal_NeverFillsTheLastColumn()
    {
        using var display = Terminal(width: 40);
        for (var i = 0; i < 10; i++)
        {
            display.Report(new WorkProgress("a phase with a long name", i, 100, Note: new string('n', 100)));
            After(0.5);
        }

        Assert.All(output.ToString().Split('\r'), line => Assert.InRange(line.TrimEnd().Length, 0, 39));
    }

    [Fact]
    public void Report_UnknownTotal_EndsWhenTheNextPhaseBegins()
    {
        using var display = Plain();
        display.Report(new WorkProgress("scan", 0, null));
        After(2);
        display.Report(new WorkProgress("scan", 10, null));
        display.Report(new WorkProgress("store", 0, 5));
        After(1);
        display.Report(new WorkProgress("store", 5, 5));
        display.Report(new WorkProgress("store", 5, 5));

        Assert.Equal(["scan: 10 rows in 2.0 s (5.0 rows/s)", "store: 5 rows in 1.0 s (5.0 rows/s)"], Lines);
    }

    [Fact]
    public void Report_ResumedWork_CountsOnlyWhatIsNewTowardsTheRate()
    {
        using var display = Plain();
        display.Report(new WorkProgress("copy", 90, 100));
        After(10);
        display.Report(new WorkProgress("copy", 100, 100));

        Assert.Equal(["copy: 100 rows in 0:10 min (1.0 rows/s)"], Lines);
    }

    [Fact]
    public void Report_OverlappingPhases_EndOnceEach()
    {
        using var display = Plain();
        for (var i = 0; i <= 10; i++)
        {
            display.Report(new WorkProgress("towers", i, 10, "epochs"));
            if (i <= 5) display.Report(new WorkProgress("ranker", i, 5, "rounds"));
            After(1);
        }

        Assert.Equal(1, Lines.Count(line => line.StartsWith("towers:", StringComparison.Ordinal)));
        Assert.Equal(1, Lines.Count(line => line.StartsWith("ranker: 5 rounds in 5.0 s", StringComparison.Ordinal)));
    }

    [Fact]
    public void Dispose_UnfinishedPhase_SaysHowFarItCame()
    {
        var display = Plain();
        display.Report(new WorkProgress("read", 0, 2_500_000, "bytes"));
        After(3);
        display.Report(new WorkProgress("read", 1_500_000, 2_500_000, "bytes"));
        display.Dispose();

        Assert.Equal(["read: stopped at 1.5 of 2.5 MB in 3.0 s (0.5 MB/s)"], Lines);
    }

    [Fact]
    public async Task Report_ManyThreads_KeepsLinesWhole()
    {
        using (var display = Plain())
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i <= 1000; i++) display.Report(new WorkProgress($"phase {thread}", i, 1000));
            })));
        }

        Assert.Equal(4, Lines.Length);
        Assert.All(Lines, line => Assert.Matches(@"^phase \d: 1,000 rows in under 0\.1 s$", line));
    }
}
