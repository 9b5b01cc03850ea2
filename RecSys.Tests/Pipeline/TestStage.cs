using RecSys.Core.Pipeline;

namespace RecSys.Tests.Pipeline;

/// <summary>A stage whose work is given by the test.</summary>
internal sealed class TestStage(string name, StageKind kind, Func<RecommendationContext, CancellationToken, ValueTask> work) : IStage
{
    public TestStage(string name, StageKind kind, Action<RecommendationContext> work)
        : this(name, kind, (context, _) =>
        {
            work(context);
            return ValueTask.CompletedTask;
        })
    {
    }

    public string Name => name;
    public StageKind Kind => kind;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken) => work(context, cancellationToken);
}
