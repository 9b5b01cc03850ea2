namespace RecSys.Core.Pipeline;

/// <summary>
/// One step of a recommendation. A stage is shared by all requests and holds no request state; timing, spans, metrics, time limits
/// and the handling of failures belong to <see cref="PipelineRunner"/>.
/// </summary>
public interface IStage
{
    /// <summary>Snake-case name, unique in the pipeline: the label of its metrics, spans and timings.</summary>
    string Name { get; }

    StageKind Kind { get; }

    /// <summary>False where the stage has nothing to do for a request: it then costs nothing and is in no figure.</summary>
    bool AppliesTo(RecommendationContext context) => true;

    /// <summary>Does the work. Throwing means that the stage failed; what happens then is said where the stages are listed.</summary>
    ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken);
}
