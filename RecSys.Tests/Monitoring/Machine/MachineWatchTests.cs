using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Alerts.Sources;
using RecSys.Core.Monitoring.Machine;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Machine;

public sealed class MachineWatchTests : IDisposable
{
    private readonly TemporaryFolder root = new();
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Read_CountersThatGrew_TellsRatesAndSharesOfTheLastMinute()
    {
        Counters(busy: 1000, idle: 1000, received: 5_000_000, sent: 1_000_000, read: 10_000, written: 20_000);
        using var watch = Watch(new MonitoringOptions { NetworkBytesPerSecond = 1_000_000, DiskBytesPerSecond = 10_000 });
        // The first minute was busier; it is forgotten when another one has passed.
        for (var look = 0; look < 12; look++) Look(watch);
        Counters(busy: 9000, idle: 3000, received: 65_000_000, sent: 31_000_000, read: 70_000, written: 20_000);
        for (var look = 0; look < 12; look++) Look(watch);
        Counters(busy: 9100, idle: 3300, received: 71_000_000, sent: 55_000_000, read: 100_000, written: 170_000);
        Look(watch);
        var minute = watch.Read();

        Assert.Equal(60, minute.Span.TotalSeconds);
        Assert.Equal(0.25, minute.MachineProcessorShare);
        Assert.Equal((500_000, 0.5), (minute.Network.BytesPerSecond, minute.Network.Share));
        Assert.Equal((3000, 0.3), (minute.Disk.BytesPerSecond, minute.Disk.Share));
    }

    [Fact]
    public void Read_SystemThatTellsNothing_HasNullsAndTheRest()
    {
        using var watch = Watch(new MonitoringOptions());

        Look(watch);
        var health = watch.Read();

        Assert.Equal((null, null, null, null),
            (health.MachineProcessorShare, health.Network.BytesPerSecond, health.Disk.Share, health.Memory.Limit));
        Assert.True(health is { Memory.Resident: > 0, Memory.Managed: > 0, DataFolderFreeBytes: > 0, ThreadPoolThreads: > 0 });
        Assert.InRange(health.ProcessorShare, 0, double.MaxValue);
    }

    [Fact]
    public void Read_ThisMachine_TellsEverything()
    {
        using var watch = new MachineWatch(
            Options.Create(new MonitoringOptions()), root.Path, TimeProvider.System, new ListLogger<MachineWatch>());
        var memory = watch.Read().Memory;

        Assert.InRange(memory.UsedShare!.Value, 0.0001, 1);
        Assert.InRange(memory.Native!.Value + memory.Mapped!.Value, 1 << 20, memory.Limit!.Value);
        Assert.InRange(watch.Processors, 0.01, Environment.ProcessorCount);
    }

    // The system takes mapped files back before it ends the process.
    [Fact]
    public void Memory_WithMappedFiles_IsUsedWithoutThem()
    {
        var memory = new MemoryUse(Limit: 1000, Resident: 900, Managed: 300, Native: 100, Mapped: 500);

        Assert.Equal((400, 0.4), (memory.Used, memory.UsedShare));
        Assert.Equal((900, 0.9), ((memory with { Mapped = null }).Used, (memory with { Mapped = null }).UsedShare));
        Assert.Null((memory with { Limit = null }).UsedShare);
    }

    [Fact]
    public void MemoryRule_ReadsTheShareThatThePageTells()
    {
        using var watch = new MachineWatch(
            Options.Create(new MonitoringOptions()), root.Path, TimeProvider.System, new ListLogger<MachineWatch>());

        Assert.Equal(watch.Read().Memory.UsedShare!.Value, new MachineSources(watch).Memory()!.Value, 0.02);
    }

    public void Dispose() => root.Dispose();

    private MachineWatch Watch(MonitoringOptions options) =>
        new(Options.Create(options), root.Path, clock, new ListLogger<MachineWatch>(), root.Path);

    private void Look(MachineWatch watch)
    {
        clock.Advance(MachineWatch.Interval);
        watch.Look();
    }

    private void Counters(long busy, long idle, long received, long sent, long read, long written)
    {
        Directory.CreateDirectory(root["proc/net"]);
        Directory.CreateDirectory(root["proc/self"]);
        File.WriteAllText(root["proc/stat"], $"cpu  {busy - 7} 3 4 {idle - 9} 9 0 0 0 0 0\ncpu0 1 1 1 1\n");
        File.WriteAllText(root["proc/net/dev"], $"""
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 999999999 1 0 0 0 0 0 0 999999999 1 0 0 0 0 0 0
              eth0: {received - 100} 1 0 0 0 0 0 0 {sent} 1 0 0 0 0 0 0
              eth1:100 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0
            """);
        File.WriteAllText(root["proc/self/io"], $"rchar: 1\nwchar: 2\nread_bytes: {read}\nwrite_bytes: {written}\n");
    }
}
