using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Expressions;
using RecSys.Core.Models;

namespace RecSys.Core.Pipeline;

/// <summary>
/// Everything known about one request while it passes the stages. Pooled: <see cref="Begin"/> starts it over, and its buffers grow to
/// the largest request seen.
/// </summary>
public sealed class RecommendationContext : IDisposable
{
    /// <summary>What the reply's <c>degraded</c> says where candidates were ordered without the ranker.</summary>
    public const string ByRetrievalScore = "retrieval_score";

    private readonly List<string> degraded = [];
    private readonly List<StageTiming> timings = new(24);
    private readonly List<(int Item, int[] Pool)> draws = [];
    private int drawnFrom;
    private float[] matrix = [];
    private readonly StageDeadline deadline = new();
    private ModelLease<ServingModel> lease;
    private bool cutShort;
    private int ladderLevel;
    private ItemFilter? filter;
    private ItemFactor? boost;

    public RecommendationRequest Request { get; private set; } = null!;

    /// <summary>Unique id of the request, <c>req_</c> and 20 characters.</summary>
    public string RequestId { get; private set; } = "";

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>The moment features and windows refer to, Unix milliseconds; see <see cref="LiveState.FeatureTimeMs"/>.</summary>
    public long FeatureTimeMs { get; private set; }

    /// <summary>Codes of <see cref="ContextCodes"/>.</summary>
    public byte Device { get; private set; }
    public byte Location { get; private set; }

    /// <summary>The one world of this request.</summary>
    public ServingWorld World { get; private set; } = null!;

    /// <summary>The world's catalogue, which goes on changing during the request.</summary>
    public ItemCatalog Catalog { get; private set; } = null!;

    /// <summary>What the request got before anything else.</summary>
    public Assignment Assignment { get; private set; } = null!;

    /// <summary>The settings of the assignment.</summary>
    public Policy Policy { get; private set; } = Policy.Default;

    /// <summary>What the run may leave behind.</summary>
    public Effects Effects { get; private set; }

    /// <summary>The one model of this request, kept alive until the context ends.</summary>
    public ServingModel Model => lease.Model;

    /// <summary>The user, copied once; that of nobody until then and for a user never seen before.</summary>
    public UserCopy User { get; } = new();

    /// <summary>User embedding, <c>Model.Bundle.Dimension</c> long; all zero when it could not be computed.</summary>
    public float[] UserEmbedding { get; private set; } = [];

    /// <summary>True once <see cref="UserEmbedding"/> means something.</summary>
    public bool HasUserEmbedding { get; set; }

    /// <summary>True once the items nearest to <see cref="UserEmbedding"/> were searched, without a failure.</summary>
    public bool Retrieved { get; set; }

    public CandidateList Candidates { get; } = new();

    /// <summary>
    /// Row-major [candidates × features]; valid from the feature stage on, rows in the order of the candidates then, see
    /// <see cref="Candidate.MatrixRow"/>.
    /// </summary>
    public Span<float> Matrix => matrix.AsSpan(0, MatrixRows * FeatureCount);
    public int MatrixRows { get; private set; }
    public int FeatureCount { get; private set; }

    /// <summary>True when an entry was folded while the features were computed, so that they belong to no single position.</summary>
    public bool FeaturesUnsteady { get; set; }

    /// <summary>Degradation that is no fault: a small catalogue had nothing new left.</summary>
    public const string Repeats = "repeats";

    /// <summary>What the reply's <c>degraded</c> says where the request's own budget ended before its stages did.</summary>
    public const string BudgetUsedUp = "budget_ms";

    /// <summary>What the request asks for beyond who gets how many items; null for nothing.</summary>
    public RequestWishes? Wishes { get; private set; }

    /// <summary>
    /// Popularity of the items, for the expressions of a request and of rules; see <see cref="ExpressionScope.Popularity"/>.
    /// </summary>
    public ReadOnlyMemory<float> Popularity { get; internal set; }

    /// <summary>The merchandising rules that hold for the request, once they were looked for.</summary>
    public RequestRules Rules { get; } = new();

    /// <summary>The items that the filters of request and rules let pass, once they were looked for.</summary>
    public Narrowing Narrowing { get; } = new();

    /// <summary>The filter of the request for its user; null when it has none. To be read once the user is loaded.</summary>
    public ItemFilter? Filter => filter ?? (Wishes?.Filter is { } wanted ? filter = Bind(wanted) : null);

    /// <summary>The boost of the request for its user; null when it has none. To be read once the user is loaded.</summary>
    public ItemFactor? Boost => boost ?? (Wishes?.Boost is { } wanted ? boost = Bind(wanted) : null);

    /// <summary>
    /// False for an item that the request does not want, excluded or not let pass by its filter, or that a rule leaves out.
    /// </summary>
    public bool Wants(int item)
    {
        if (Wishes?.Excluded.Contains(item) == true) return false;
        // One that came since they were looked for is judged by itself.
        if (item < Narrowing.Items) return Narrowing.Has(item);
        return Filter?.Passes(item) != false && Rules.Passes(item);
    }

    /// <summary>True when the request brings its own items to be ranked.</summary>
    public bool Ranks => Wishes?.Given is not null;

    /// <summary>True when the policy of the request takes candidates from the source.</summary>
    public bool Uses(PolicySources source) => (Policy.Sources & source) != 0;

    /// <summary>True when the source proposes items to the request: its policy has it, and it does not bring its own ones.</summary>
    public bool Proposes(PolicySources source) => !Ranks && Uses(source);

    /// <summary>What expressions of this request see.</summary>
    /// <param name="fields">Further fields of the request.</param>
    internal ExpressionScope Scope(IReadOnlyDictionary<string, AttributeValue> fields) => new()
    {
        Catalog = Catalog,
        NowMs = FeatureTimeMs,
        Popularity = Popularity,
        User = User.Profile,
        Device = Request.Device,
        Location = Request.Location,
        Context = fields,
    };

    /// <summary>What failed or ran out of time, and at which fallback level the answer is; empty when nothing did.</summary>
    public IReadOnlyList<string> Degraded => degraded;

    /// <summary>
    /// Why the list is not personal although nothing failed, such as <c>no_positive_events</c>; null when it is personal.
    /// </summary>
    public string? NotPersonal { get; set; }

    /// <summary>Watches one item on its way, for an explanation; null for every list that somebody waits for.</summary>
    public ItemTrace? Trace { get; internal set; }

    /// <summary>Stages in the order they ran.</summary>
    public IReadOnlyList<StageTiming> Timings => timings;

    /// <summary>The same, to be read without an enumerator.</summary>
    public ReadOnlySpan<StageTiming> TimingsInOrder => CollectionsMarshal.AsSpan(timings);

    /// <summary>
    /// For a stage that works through many items on the request's thread: true once its budget, and what the stages before it left of
    /// theirs, is used up. It then stops and leaves what it has done so far, and the runner marks the reply as degraded.
    /// </summary>
    public bool OutOfTime()
    {
        if (!deadline.Passed) return false;
        return cutShort = true;
    }

    /// <summary>
    /// Level of the fallback ladder that answered, 0 to 4: 0 by all stages, 1 without the ranker, 2 with the last good list, 3 with what is
    /// popular, 4 with what was popular at the start, or with nothing.
    /// </summary>
    public int FallbackLevel
    {
        get => ladderLevel == 0 && degraded.Contains(ByRetrievalScore) ? 1 : ladderLevel;
        internal set => ladderLevel = value;
    }

    /// <summary>Request id that the next page is asked for by; null when nothing is kept behind these items.</summary>
    public string? NextCursor { get; internal set; }

    /// <summary>Places of the same list on the pages before this one; 0 for a first page.</summary>
    public int Offset { get; private set; }

    /// <summary>Time from arrival to the end of the last stage.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Starts a request and takes over the lease.</summary>
    public void Begin(
        RecommendationRequest request, string requestId, DateTimeOffset time, ServingWorld world, Assignment assignment, Policy policy,
        ModelLease<ServingModel> model, Effects effects = Effects.All)
    {
        (Request, RequestId, Time, World, Assignment, Policy, Effects) = (request, requestId, time, world, assignment, policy, effects);
        (Catalog, FeatureTimeMs) = (world.Catalog, world.FeatureTimeMs(time));
        Device = ContextCodes.Device(request.Device);
        Location = ContextCodes.Location(request.Location);
        lease = model;
        if (UserEmbedding.Length != model.Model.Bundle.Dimension) UserEmbedding = new float[model.Model.Bundle.Dimension];
        else UserEmbedding.AsSpan().Clear();
        (HasUserEmbedding, Retrieved, FeaturesUnsteady, cutShort, NotPersonal) = (false, false, false, false, null);
        (NextCursor, Offset, Trace) = (null, 0, null);
        (Wishes, filter, boost, Popularity) = (request.Wishes, null, null, default);
        Narrowing.Clear();
        Rules.Clear();
        User.Clear();
        MatrixRows = 0;
        Elapsed = default;
        ladderLevel = 0;
        degraded.Clear();
        timings.Clear();
        draws.Clear();
        drawnFrom = 0;
        Candidates.Reset();
    }

    /// <summary>Says that this is a further page of a list.</summary>
    /// <param name="requestId">Under which the page is known, whichever it was begun with.</param>
    /// <param name="offset">Places on the pages before it.</param>
    /// <param name="hasMore">Whether something is kept behind it.</param>
    internal void Continue(string requestId, int offset, bool hasMore) =>
        (RequestId, Offset, NextCursor) = (requestId, offset, hasMore ? requestId : null);

    /// <summary>Keeps what an item was drawn from, as far as a served record has room for it.</summary>
    /// <param name="item">Number of the item.</param>
    /// <param name="pool">Numbers of the items that could have been drawn, ascending; each was as likely.</param>
    public void Draw(int item, int[] pool)
    {
        if (drawnFrom + pool.Length > ServedItem.MostInPools) return;
        drawnFrom += pool.Length;
        draws.Add((item, pool));
    }

    /// <summary>What the item was drawn from; null where it was not drawn, or there was no more room.</summary>
    public int[]? PoolOf(int item)
    {
        foreach (var (drawn, pool) in draws)
        {
            if (drawn == item) return pool;
        }
        return null;
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

    private T Bind<T>(Expression<T> expression)
        where T : class =>
        expression.Bind(Scope(Wishes!.Context), out var fault)
            ?? throw new InvalidOperationException($"An expression that was checked has a fault: {fault}.");

    internal StageDeadline Deadline(TimeSpan budget, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        Effects == Effects.None
            ? deadline.Start(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, time, cancellationToken)
            : deadline.Start(budget, patience, time, cancellationToken);

    /// <summary>True when the stage that just ended stopped for lack of time.</summary>
    internal bool TakeCutShort()
    {
        var was = cutShort;
        cutShort = false;
        return was;
    }

    internal void Record(StageTiming timing) => timings.Add(timing);

    /// <summary>Says of the stage that ran last what it took altogether.</summary>
    internal void Occupy(TimeSpan time)
    {
        ref var last = ref CollectionsMarshal.AsSpan(timings)[^1];
        last = last with { Occupied = time };
    }

    /// <summary>Returns the model lease and lets go of the world.</summary>
    public void Dispose()
    {
        lease.Dispose();
        lease = default;
        (World, Catalog, Trace) = (null!, null!, null);
        (Wishes, filter, boost, Popularity) = (null, null, null, default);
        Rules.Clear();
        User.Clear();
    }
}
