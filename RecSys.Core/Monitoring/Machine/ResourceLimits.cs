using System.Globalization;

namespace RecSys.Core.Monitoring.Machine;

/// <summary>
/// What the process may take of processors and memory: by its control groups (version 2 or 1, the tightest of the group and those around
/// it), else what the machine has.
/// </summary>
/// <param name="Processors">Processors, such as 0.5 for half of one.</param>
/// <param name="MemoryBytes">Bytes; 0 where it is not known.</param>
internal sealed record ResourceLimits(double Processors, long MemoryBytes)
{
    /// <summary>Reads the limits of this process.</summary>
    /// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
    /// <param name="processors">Processors of the machine that the process may use.</param>
    public static ResourceLimits Read(string root, int processors)
    {
        var limits = new ResourceLimits(processors, MemoryOfMachine(root));
        foreach (var line in ProcFiles.Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // hierarchy:controllers:path, both of the first empty or 0 in version 2
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            limits = controllers.Length == 0 ? limits.WithinSecond(root, path) : limits.WithinFirst(root, controllers, path);
        }
        return limits;
    }

    private ResourceLimits WithinSecond(string root, string path)
    {
        var limits = this;
        foreach (var group in Groups(Path.Combine(root, "sys/fs/cgroup"), path))
        {
            // "max 100000" or "50000 100000", microseconds of a period.
            var quota = Path.Combine(group, "cpu.max");
            limits = limits.AtMost(Number(ProcFiles.Word(quota, 0)), Number(ProcFiles.Word(quota, 1)));
            limits = limits.AtMost(Number(ProcFiles.Word(Path.Combine(group, "memory.max"), 0)));
        }
        return limits;
    }

    private ResourceLimits WithinFirst(string root, string controllers, string path)
    {
        var limits = this;
        var names = controllers.Split(',');
        foreach (var mount in (string[])[controllers, .. names])
        {
            foreach (var group in Groups(Path.Combine(root, "sys/fs/cgroup", mount), path))
            {
                if (names.Contains("cpu"))
                {
                    limits = limits.AtMost(Number(ProcFiles.Word(Path.Combine(group, "cpu.cfs_quota_us"), 0)),
                        Number(ProcFiles.Word(Path.Combine(group, "cpu.cfs_period_us"), 0)));
                }
                if (names.Contains("memory"))
                    limits = limits.AtMost(Number(ProcFiles.Word(Path.Combine(group, "memory.limit_in_bytes"), 0)));
            }
        }
        return limits;
    }

    // -1 and "max": no limit.
    private ResourceLimits AtMost(long? quota, long? period) =>
        quota > 0 && period > 0 ? this with { Processors = Math.Min(Processors, (double)quota.Value / period.Value) } : this;

    private ResourceLimits AtMost(long? bytes) =>
        bytes > 0 && (MemoryBytes == 0 || bytes < MemoryBytes) ? this with { MemoryBytes = bytes.Value } : this;

    // In a container the group's own path is often not visible, and the mount is the group.
    private static IEnumerable<string> Groups(string mount, string path)
    {
        for (var group = path.Trim('/'); group.Length > 0; group = Path.GetDirectoryName(group) ?? "")
            yield return Path.Combine(mount, group);
        yield return mount;
    }

    private static long MemoryOfMachine(string root) =>
        ProcFiles.Kilobytes(Path.Combine(root, "proc/meminfo"), "MemTotal") is { } kilobytes ? kilobytes << 10 : 0;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
