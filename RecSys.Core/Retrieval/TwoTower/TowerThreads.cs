using System.Runtime.ExceptionServices;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Threads that each work through a part of every step with a libtorch of one thread. The steps consist of many small operations: dividing each of them
/// costs more in waiting than it saves.
/// </summary>
internal sealed class TowerThreads : IDisposable
{
    private readonly Barrier barrier;
    private readonly Thread[] others;
    private readonly Exception?[] faults;
    private readonly int torchThreads;
    private Action<int>? work;

    /// <param name="count">Parts per step; the caller's thread takes the first.</param>
    /// <param name="torchThreads">Threads of libtorch outside <see cref="Run"/>.</param>
    public TowerThreads(int count, int torchThreads)
    {
        this.torchThreads = torchThreads;
        barrier = new Barrier(count);
        faults = new Exception?[count];
        others = [.. Enumerable.Range(1, count - 1).Select(part => new Thread(() => Loop(part)) { IsBackground = true, Name = $"towers {part}" })];
        foreach (var thread in others) thread.Start();
        torch.set_num_threads(torchThreads);
    }

    public int Count => faults.Length;

    /// <summary>Calls <paramref name="part"/> with every number below <see cref="Count"/>, all at once, and returns when all have.</summary>
    public void Run(Action<int> part)
    {
        if (Count == 1)
        {
            part(0);
            return;
        }
        work = part;
        torch.set_num_threads(1);
        barrier.SignalAndWait();
        Guard(0);
        barrier.SignalAndWait();
        torch.set_num_threads(torchThreads);
        if (Array.Find(faults, fault => fault is not null) is not { } fault) return;
        Array.Clear(faults);
        ExceptionDispatchInfo.Throw(fault);
    }

    public void Dispose()
    {
        work = null;
        if (others.Length > 0) barrier.SignalAndWait();
        foreach (var thread in others) thread.Join();
        barrier.Dispose();
    }

    private void Loop(int part)
    {
        // Holds for this thread alone.
        torch.set_num_threads(1);
        while (true)
        {
            barrier.SignalAndWait();
            if (work is null) return;
            Guard(part);
            barrier.SignalAndWait();
        }
    }

    private void Guard(int part)
    {
        try
        {
            work!(part);
        }
        catch (Exception e)
        {
            faults[part] = e;
        }
    }
}
