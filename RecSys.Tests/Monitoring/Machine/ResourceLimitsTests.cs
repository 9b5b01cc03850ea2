using RecSys.Core.Monitoring.Machine;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Machine;

/// <summary>Trees of files as kernels show them, in a folder.</summary>
public sealed class ResourceLimitsTests : IDisposable
{
    private const long GiB = 1 << 30;

    private readonly TemporaryFolder root = new();

    [Fact]
    public void Read_NoGroups_IsTheMachine()
    {
        Write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree: 1 kB\n");

        Assert.Equal(new ResourceLimits(8, 16 * GiB), ResourceLimits.Read(root.Path, 8));
    }

    [Fact]
    public void Read_SecondVersion_IsTheTightestOfTheGroupAndThoseAround()
    {
        Write("proc/meminfo", "MemTotal: 16777216 kB\n");
        Write("proc/self/cgroup", "0::/pods/one\n");
        Write("sys/fs/cgroup/pods/one/cpu.max", "max 100000\n");
        Write("sys/fs/cgroup/pods/cpu.max", "150000 100000\n");
        Write("sys/fs/cgroup/pods/one/memory.max", "2147483648\n");
        Write("sys/fs/cgroup/pods/memory.max", "max\n");

        Assert.Equal(new ResourceLimits(1.5, 2 * GiB), ResourceLimits.Read(root.Path, 8));
    }

    // In a container the mount is the group, whatever the path says.
    [Fact]
    public void Read_SecondVersionInAContainer_FindsTheLimitsAtTheMount()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", "50000 100000\n");
        Write("sys/fs/cgroup/memory.max", "1073741824\n");

        Assert.Equal(new ResourceLimits(0.5, GiB), ResourceLimits.Read(root.Path, 8));
    }

    [Fact]
    public void Read_FirstVersion_ReadsEachControllersOwnGroup()
    {
        Write("proc/meminfo", "MemTotal: 16777216 kB\n");
        Write("proc/self/cgroup", "4:memory:/a\n2:cpu,cpuacct:/b\n1:name=systemd:/c\n");
        Write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "3221225472\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_quota_us", "250000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_period_us", "100000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");

        Assert.Equal(new ResourceLimits(2.5, 3 * GiB), ResourceLimits.Read(root.Path, 8));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0::")]
    [InlineData(":::::")]
    public void Read_OtherForms_IsTheMachine(string groups)
    {
        Write("proc/self/cgroup", groups);
        Write("sys/fs/cgroup/cpu.max", "none");

        Assert.Equal(new ResourceLimits(4, 0), ResourceLimits.Read(root.Path, 4));
    }

    public void Dispose() => root.Dispose();

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root[path])!);
        File.WriteAllText(root[path], content);
    }
}
