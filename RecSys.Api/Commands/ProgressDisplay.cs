using RecSys.Core.Domain;

namespace RecSys.Api.Commands;

/// <summary>Shows the progress of a command on standard error.</summary>
internal sealed class ProgressDisplay : IProgress<WorkProgress>, IDisposable
{
    public void Report(WorkProgress value)
    {
    }

    public void Dispose()
    {
    }
}
