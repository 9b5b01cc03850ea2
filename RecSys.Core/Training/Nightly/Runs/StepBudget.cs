using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>Runs a step within the time and memory that the options give it, and measures both.</summary>
internal sealed class StepBudget(NightlyOptions options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <exception cref="RecSysException">The step went past its budget and was stopped; the message names the option.</exception>
    public async Task<(T Result, StepCost Cost)> RunAsync<T>(
        string step, Func<CancellationToken, Task<T>> run, CancellationToken ct)
    {
        var (start, cpu) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        using var slow = new CancellationTokenSource(TimeSpan.FromMinutes(options.StepMinutes), time);
        using var large = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, slow.Token, large.Token);
        var watching = WatchAsync(large, ended.Token);
        try
        {
            var result = await Task.Run(() => run(stop.Token), stop.Token);
            await ended.CancelAsync();
            return (result, new StepCost(time.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu, await watching));
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RecSysException($"The step {step} was stopped after {options.StepMinutes} minutes, which is what Training:Nightly:"
                + "StepMinutes allows. What was finished before it is kept: allow more and run the night again, or train on fewer days.");
        }
        catch (OperationCanceledException) when (large.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RecSysException($"The step {step} was stopped because the process took more than the {options.MaxMemoryMb} MB that "
                + "Training:Nightly:MaxMemoryMb allows. What was finished before it is kept: allow more and run the night again, or train "
                + "on fewer days (Training:Nightly:Days) or rows (Training:MaxImpressions).");
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    // The largest working set until the end.
    private async Task<long> WatchAsync(CancellationTokenSource large, CancellationToken ended)
    {
        var peak = Environment.WorkingSet;
        using var timer = new PeriodicTimer(Look, time);
        while (!ended.IsCancellationRequested)
        {
            peak = Math.Max(peak, Environment.WorkingSet);
            if (options.MaxMemoryMb is { } most && peak > (long)most << 20) await large.CancelAsync();
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return Math.Max(peak, Environment.WorkingSet);
    }
}
