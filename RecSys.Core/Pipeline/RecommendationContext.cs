using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;

namespace RecSys.Core.Pipeline;

/// <summary>
/// Everything known about one request while it passes the stages. Pooled: <see cref="Begin"/> starts it over, and its buffers grow to
/// the largest request seen.
/// </summary>
public sealed class RecommendationContext : IDisposable
{
    private readonly List<string> degraded = [];
    private readonly List<StageTiming> timings = new(16);
    private float[] matrix = [];
    private readonly StageDeadline deadline = new();
    private ModelLease<ServingModel> lease;
    private bool cutShort;

    public RecommendationRequest Request { get; private set; } = null!;

    /// <summary>Unique id of the request, <c>req_</c> and 20 characters.</summary>
    public string RequestId { get; private set; } = "";

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>The moment features and windows refer to, Unix milliseconds; see <see cref="LiveState.FeatureTimeMs"/>.</summary>
    public long FeatureTimeMs { get; private set; }

    /// <summary>
    /// Which events the live state held when the request began; null from the moment on at which it is known that others were folded before the features were
    /// computed, so that they belong to no single state.
    /// </summary>
    public FoldMark? Fold { get; set; }

    /// <summary>Codes of <see cref="ContextCodes"/>.</summary>
    public byte Device { get; private set; }
    public byte Location { get; private set; }

    /// <summary>The catalogue, which goes on changing during the request.</summary>
    public ItemCatalog Catalog { get; private set; } = null!;

    /// <summary>Experiment, variant, model version and policy of this request.</summary>
    public Assignment Assignment { get; private set; } = null!;

    /// <summary>The one model of this request, the assignment's, kept alive until the context ends.</summary>
    public ServingModel Model => lease.Model;

    /// <summary>Stored profile and live state of the user; null for a user never seen before.</summary>
    public LiveUser? User { get; set; }

    /// <summary>User embedding, <c>Model.Bundle.Dimension</c> long; all zero when it could not be computed.</summary>
    public float[] UserEmbedding { get; private set; } = [];

    /// <summary>True once <see cref="UserEmbedding"/> means something.</summary>
    public bool HasUserEmbedding { get; set; }

    public CandidateList Candidates { get; } = new();

    /// <summary>Row-major [candidates × features]; valid from the feature stage on, rows in the order of the candidates then, see <see cref="Candidate.MatrixRow"/>.</summary>
    public Span<float> Matrix => matrix.AsSpan(0, MatrixRows * FeatureCount);
    public int MatrixRows { get; private set; }
    public int FeatureCount { get; private set; }

    /// <summary>Why the answer is less than fully personalised; empty when it is.</summary>
    public IReadOnlyList<string> Degraded => degraded;

    /// <summary>Stages in the order they ran.</summary>
    public IReadOnlyList<StageTiming> Timings => timings;

    /// <summary>True for requests that nobody waits for: stages run without time limits.</summary>
    public bool Unhurried { get; set; }

    /// <summary>
    /// For a stage that works through many items on the request's thread: true once its budget is used up. It then stops and leaves what it has done so
    /// far, and the runner marks the reply as degraded.
    /// </summary>
    public bool OutOfTime()
    {
        if (!deadline.Passed) return false;
        return cutShort = true;
    }

    /// <summary>Time from arrival to the end of the last stage before the response.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Starts a request and takes over the lease.</summary>
    public void Begin(
        RecommendationRequest request, string requestId, DateTimeOffset time, LiveState state, Assignment assignment, ModelLease<ServingModel> model)
    {
        Request = request;
        Assignment = assignment;
        RequestId = requestId;
        Time = time;
        // Before anything is read from the state.
        Fold = state.Mark;
        FeatureTimeMs = state.FeatureTimeMs(time);
        Device = ContextCodes.Device(request.Device);
        Location = ContextCodes.Location(request.Location);
        Catalog = state.Catalog;
        lease = model;
        if (UserEmbedding.Length != model.Model.Bundle.Dimension) UserEmbedding = new float[model.Model.Bundle.Dimension];
        else UserEmbedding.AsSpan().Clear();
        HasUserEmbedding = false;
        (Unhurried, cutShort) = (false, false);
        User = null;
        MatrixRows = 0;
        Elapsed = default;
        degraded.Clear();
        timings.Clear();
        Candidates.Reset();
    }

    /// <summary>Makes room for a matrix and returns it; the content is undefined.</summary>
    public Span<float> AllocateMatrix(int rows, int features)
    {
        if (matrix.Length < rows * features) matrix = GC.AllocateUninitializedArray<float>(rows * features * 5 / 4);
        MatrixRows = rows;
        FeatureCount = features;
        return Matrix;
    }

    /// <summary>Marks the reply as degraded; the same word counts once.</summary>
    public void Degrade(string how)
    {
        if (!degraded.Contains(how)) degraded.Add(how);
    }

    /// <summary>Ends a request that cannot be answered: an empty list is served and says so.</summary>
    internal void Fail()
    {
        Candidates.Reset();
        Degrade("unavailable");
    }

    internal StageDeadline Deadline(TimeSpan budget, TimeProvider time, CancellationToken cancellationToken) =>
        deadline.Start(Unhurried ? Timeout.InfiniteTimeSpan : budget, time, cancellationToken);

    /// <summary>True when the stage that just ended stopped for lack of time.</summary>
    internal bool TakeCutShort()
    {
        var was = cutShort;
        cutShort = false;
        return was;
    }

    internal void Record(StageTiming timing) => timings.Add(timing);

    /// <summary>Returns the model lease.</summary>
    public void Dispose()
    {
        lease.Dispose();
        lease = default;
        User = null;
    }
}
