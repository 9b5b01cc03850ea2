using System.Runtime.InteropServices;
using RecSys.Api.Commands;
using RecSys.Core.Domain;

namespace RecSys.Tests.Hosting;

public sealed class FailuresTests
{
#pragma warning disable CA2201 // The exceptions that the runtime and native code throw.
    public static TheoryData<Exception, string> Expected => new()
    {
        { new RecSysException("do this"), "do this" },
        { new TypeInitializationException("Torch", new DllNotFoundException("libLibTorchSharp.so")), "eng/setup.sh" },
        { new AggregateException(new InvalidOperationException("x", new OutOfMemoryException())), "memory" },
        { new ExternalException(
            "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."), "memory" },
        { new UnauthorizedAccessException("Access to the path 'x' is denied."), "permissions" },
        { new UnauthorizedAccessException($"Access to the path '{Path.GetTempPath()}' is denied."), "is a folder where a file belongs" },
        { new IOException($"The file '{typeof(FailuresTests).Assembly.Location}' already exists."), "is a file where a folder belongs" },
        { new IOException("odd"), "odd" },
    };
#pragma warning restore CA2201

    [Theory]
    [MemberData(nameof(Expected), DisableDiscoveryEnumeration = true)]
    public async Task Report_ExpectedFailure_IsOneLineThatSaysWhatToDo(Exception failure, string part)
    {
        var error = new StringWriter();

        Assert.Equal(1, await Failures.ReportAsync(failure, error));

        Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Report_NothingToDo_IsNoErrorAndHasACodeOfItsOwn()
    {
        var error = new StringWriter();

        Assert.Equal(75, await Failures.ReportAsync(new RecSysException("Nothing was received.") { IsSkip = true }, error));

        Assert.Equal("skipped: Nothing was received.", error.ToString().TrimEnd());
    }

    // The device whose disk is always full.
    [Fact]
    public void Explain_FullDisk_SaysSo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");

        var failure = Assert.ThrowsAny<Exception>(() => File.WriteAllText("/dev/full", "x"));

        Assert.Contains("disk is full", Failures.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_Defect_ComesWithItsTraceAndACodeOfItsOwn()
    {
        var error = new StringWriter();

        Assert.Equal(70, await Failures.ReportAsync(new InvalidOperationException("bug"), error));

        Assert.Contains("InvalidOperationException: bug", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(130, await Failures.ReportAsync(new TaskCanceledException(), error));
    }
}
