using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Opens a candidate list for additions by what is no stage of the list of stages. Only its kind counts: it does nothing.</summary>
/// <param name="name">Of whoever adds.</param>
internal sealed class ListOpening(string name) : IStage
{
    public string Name => name;
    public StageKind Kind => StageKind.Retrieve;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
