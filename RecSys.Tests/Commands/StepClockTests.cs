using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands;
using RecSys.Core.Domain;

namespace RecSys.Tests.Commands;

public sealed class StepClockTests
{
    [Fact]
    public void Read_StepsThatComeAndGo_AddUpWhatPassedBeforeTheirReports()
    {
        var time = new FakeTimeProvider();
        var told = new List<string>();
        var clock = new StepClock(new Sink(told), time);

        foreach (var (step, seconds) in ((string, double)[])[("towers", 2), ("rows", 3), ("towers", 4)])
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            clock.Report(new WorkProgress(step, 1, 1));
        }
        time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(["towers 6", "rows 3", "rest 0.5"],
            clock.Read().Select(step => FormattableString.Invariant($"{step.Key} {step.Value}")));
        Assert.Equal(["towers", "rows", "towers"], told);
    }

    private sealed class Sink(List<string> told) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => told.Add(value.Phase);
    }
}
