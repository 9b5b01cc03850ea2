using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RecSys.Api.Hosting.Connections;

/// <summary>
/// Tells the HTTP server that the input has ended only once it has looked at every byte and asks for more. Told earlier, together with the
/// last bytes, it drops the answer to a request whose body came in one piece with the end of the input.
/// </summary>
internal sealed class PatientReader(PipeReader inner) : PipeReader
{
    private ReadResult last;
    private long lookedAt;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Patient(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = Patient(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lookedAt = last.Buffer.Slice(consumed, examined).Length;
        last = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private ReadResult Patient(ReadResult result)
    {
        last = result;
        return result.IsCompleted && result.Buffer.Length > lookedAt
            ? new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false) : result;
    }
}
