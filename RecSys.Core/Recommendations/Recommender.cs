using Microsoft.Extensions.ObjectPool;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Models.Reference;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Paging;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Answers recommendation requests: takes the world, assigns the request, leases the assigned model, runs the stages, and sees to what
/// stays behind.
/// </summary>
public sealed class Recommender
{
    private readonly PipelineRunner pipeline;
    private readonly WorldSource worlds;
    private readonly PolicyBook policies;
    private readonly FallbackLadder ladder;
    private readonly LastLists lists;
    private readonly OpenLists open;
    private readonly NextPages pages;
    private readonly ServedRecordWriter records;
    private readonly PipelineMetrics metrics;
    private readonly TimeProvider time;
    private readonly IListSampler? sampler;
    private readonly PopularityColumn? popularity;
    private readonly DefaultObjectPool<RecommendationContext> contexts =
        new(new DefaultPooledObjectPolicy<RecommendationContext>(), maximumRetained: 64);

    internal Recommender(
        PipelineRunner pipeline, WorldSource worlds, PolicyBook policies, FallbackLadder ladder, LastLists lists,
        OpenLists open, NextPages pages, ServedRecordWriter records, PipelineMetrics metrics, TimeProvider time,
        IListSampler? sampler = null, PopularityColumn? popularity = null)
    {
        (this.pipeline, this.worlds, this.policies, this.ladder) = (pipeline, worlds, policies, ladder);
        (this.lists, this.open, this.pages, this.records) = (lists, open, pages, records);
        (this.metrics, this.time, this.sampler, this.popularity) = (metrics, time, sampler, popularity);
    }

    /// <summary>Answers a request in the present world, by the variant that it is assigned to.</summary>
    /// <returns>The finished context; <c>Candidates</c> holds the list to serve. The caller reads it and then passes it to
    /// <see cref="Complete"/>, always.</returns>
    public ValueTask<RecommendationContext> RecommendAsync(RecommendationRequest request, CancellationToken cancellationToken)
    {
        var world = worlds.Take();
        var assignment = world.Models.Assign(request.UserId, out var lease);
        return RunAsync(request, assignment, lease, world, Effects.All, cancellationToken);
    }

    /// <summary>Answers a request in the present world to be looked at: nothing of it stays behind.</summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="modelVersion">The version to do it with; null for the one that the user is assigned to.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>As <see cref="RecommendAsync"/>; null when the version is not in memory.</returns>
    public async ValueTask<RecommendationContext?> PreviewAsync(
        RecommendationRequest request, string? modelVersion, CancellationToken cancellationToken)
    {
        var world = worlds.Take();
        var assignment = world.Models.Assign(request.UserId, out var lease);
        if (modelVersion is not null && modelVersion != assignment.ModelVersion)
        {
            lease.Dispose();
            if (!world.Models.TryAcquire(modelVersion, out lease)) return null;
            assignment = assignment with { ModelVersion = modelVersion };
        }
        return await RunAsync(request, assignment, lease, world, Effects.None, cancellationToken);
    }

    /// <summary>
    /// Answers a request by a given variant in a given world. The same stages whatever the effects: for warm-up, shadows, previews and
    /// explanations.
    /// </summary>
    /// <returns>As <see cref="RecommendAsync"/>.</returns>
    /// <exception cref="RecSysException">The model of the assignment is not in memory.</exception>
    public ValueTask<RecommendationContext> RunAsync(
        RecommendationRequest request, Assignment assignment, ServingWorld world, Effects effects, CancellationToken cancellationToken) =>
        world.Models.TryAcquire(assignment.ModelVersion, out var lease)
            ? RunAsync(request, assignment, lease, world, effects, cancellationToken)
            : throw new RecSysException(
                $"The model {assignment.ModelVersion} of variant {assignment.Variant} is not in memory; load it first.");

    /// <summary>Answers a request in a given world as whoever has its id would be answered: its draws are those of the id.</summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="requestId">The id.</param>
    /// <param name="world">The world.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>As <see cref="RecommendAsync"/>; nothing stays behind.</returns>
    internal ValueTask<RecommendationContext> RepeatAsync(
        RecommendationRequest request, string requestId, ServingWorld world, CancellationToken cancellationToken)
    {
        var assignment = world.Models.Assign(request.UserId, out var lease);
        return RunAsync(request, requestId, assignment, lease, world, Effects.None, cancellationToken);
    }

    /// <summary>
    /// What a served record was asked for by. How many were asked for is not on it: a list that was shorter had no more.
    /// </summary>
    /// <param name="record">What was served.</param>
    /// <param name="wishes">What was asked for beyond that; null: nothing.</param>
    internal static RecommendationRequest RequestOf(ServedRecord record, RequestWishes? wishes = null) => new(
        record.UserId, Math.Max(1, record.Items.Count), record.Device, record.Location, wishes,
        record.Scenario ?? RecommendationRequest.Home);

    /// <summary>
    /// Makes the list of a served record once more, by its variant, at its time and under its id, so that what was drawn by chance is drawn
    /// again. Nothing stays behind.
    /// </summary>
    /// <param name="record">What was served.</param>
    /// <param name="wishes">What was asked for beyond that; null: nothing.</param>
    /// <param name="world">What the run sees.</param>
    /// <param name="trace">Gets what becomes of an item.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>As <see cref="RecommendAsync"/>; null when the model that served is not in memory.</returns>
    internal async ValueTask<RecommendationContext?> RepeatAsync(
        ServedRecord record, RequestWishes? wishes, ServingWorld world, ItemTrace trace, CancellationToken cancellationToken)
    {
        if (!world.Models.TryAcquire(record.Assignment.ModelVersion, out var lease)) return null;
        return await RunAsync(
            RequestOf(record, wishes), record.RequestId, record.Assignment, lease, world, Effects.None, cancellationToken, record.Time,
            trace);
    }

    /// <summary>
    /// Answers requests of known users that nobody made, so that code is compiled and caches are filled before the first real one. Nothing
    /// stays behind.
    /// </summary>
    /// <param name="users">Whom to answer, one after the other.</param>
    /// <param name="cancellationToken">Ends the warm-up early.</param>
    public async Task WarmUpAsync(IEnumerable<string> users, CancellationToken cancellationToken)
    {
        var world = worlds.Take();
        foreach (var user in users)
        {
            var assignment = world.Models.Assign(user, out var lease);
            Release(await RunAsync(new RecommendationRequest(user, 20), assignment, lease, world, Effects.None, cancellationToken));
        }
    }

    /// <summary>What is kept behind a page that was served, for <see cref="Next"/>; null when nothing is (any more).</summary>
    internal OpenPage? FindNext(string requestId) => pages.Find(requestId, time.GetUtcNow());

    /// <summary>The page behind one that was served, out of the same list, looked through again in the present world.</summary>
    /// <param name="requestId">Of the page before it.</param>
    /// <param name="page">What <see cref="FindNext"/> said of it.</param>
    /// <param name="numItems">Items wanted, where the page was not made before.</param>
    /// <returns>As <see cref="RecommendAsync"/>, empty at the end of the list; null when nothing is kept behind the page (any more), or the
    /// user was erased.</returns>
    internal RecommendationContext? Next(string requestId, OpenPage page, int numItems)
    {
        var (begun, now) = (time.GetTimestamp(), time.GetUtcNow());
        var world = worlds.Take();
        if (page.Epoch != world.Epoch || world.IsErased(page.UserId)) return null;
        var context = contexts.Get();
        try
        {
            var policy = policies.Find(page.Assignment.PolicyHash) ?? policies.Default;
            world.Models.Assign(page.UserId, out var lease);
            context.Begin(
                page.Request with { NumItems = numItems }, RequestIds.Next(), now, world, page.Assignment, policy, lease, Effects.Record);
            world.TryCopy(page.UserId, context.User);
            if (!pages.Fill(context, requestId, page))
            {
                Release(context);
                return null;
            }
            context.Elapsed = time.GetElapsedTime(begun);
            return context;
        }
        catch
        {
            Release(context);
            throw;
        }
    }

    /// <summary>
    /// Call once the response is on its way: copies what is kept of the request and lets go of everything else. The context must not be
    /// touched afterwards.
    /// </summary>
    public void Complete(RecommendationContext context)
    {
        if (context.Effects == Effects.All) metrics.RequestFinished(context);
        if (context.Effects != Effects.None && !context.World.IsErased(context.Request.UserId)) Leave(context);
        Release(context);
    }

    /// <summary>Forgets what is kept in memory of a user beside the folded log: the last good list, and lists with next pages.</summary>
    public void Forget(string userId)
    {
        lists.Forget(userId);
        open.Forget(userId);
    }

    private ValueTask<RecommendationContext> RunAsync(
        RecommendationRequest request, Assignment assignment, ModelLease<ServingModel> lease, ServingWorld world, Effects effects,
        CancellationToken cancellationToken) =>
        RunAsync(request, RequestIds.Next(), assignment, lease, world, effects, cancellationToken);

    private async ValueTask<RecommendationContext> RunAsync(
        RecommendationRequest request, string requestId, Assignment assignment, ModelLease<ServingModel> lease, ServingWorld world,
        Effects effects, CancellationToken cancellationToken, DateTimeOffset? at = null, ItemTrace? trace = null)
    {
        var context = contexts.Get();
        try
        {
            var (policy, hash) = policies.Choose(assignment.PolicyHash, request.Scenario);
            if (hash != assignment.PolicyHash) assignment = assignment with { PolicyHash = hash };
            context.Begin(request, requestId, at ?? time.GetUtcNow(), world, assignment, policy, lease, effects);
            context.Trace = trace;
            if ((request.Wishes is not null || world.Rules.Count > 0) && popularity is not null) context.Popularity = popularity.Current;
            if (!await pipeline.RunAsync(context, cancellationToken)) ladder.Answer(context);
            // A scenario of few sources may well have nothing to show: that is no fault, unless popular items may stand in.
            else if (context.Candidates.Count == 0 && context.Proposes(PolicySources.Popular)) ladder.Answer(context);
            if (effects == Effects.All && !context.Ranks) open.Open(context);
            return context;
        }
        catch
        {
            Release(context);
            throw;
        }
    }

    private void Leave(RecommendationContext context)
    {
        if (context.Ranks)
        {
            // What the caller shows of it is a served list; it is none of ours to serve again, nor to compare with others.
            if (context.Wishes!.Shown > 0 && context.Candidates.Count > 0) records.TryWrite(context);
            return;
        }
        var isPage = context.Effects == Effects.Record;
        if (!isPage || context.Candidates.Count > 0) records.TryWrite(context);
        if (isPage) return;
        // What a request narrowed is no list for another one.
        if (context.Degraded.Count == 0 && context.Wishes is null) Keep(context);
        if (sampler is not null) ListSampling.Offer(context, sampler);
    }

    private void Keep(RecommendationContext context)
    {
        var candidates = context.Candidates.Items;
        var items = new int[candidates.Length];
        for (var i = 0; i < items.Length; i++) items[i] = candidates[i].Item;
        lists.Keep(context.Request.UserId, items, context.Request.Scenario);
        // An erasure is folded first and then lists are forgotten: one that came in between is seen here.
        if (context.World.IsErased(context.Request.UserId)) lists.Forget(context.Request.UserId);
    }

    private void Release(RecommendationContext context)
    {
        context.Dispose();
        contexts.Return(context);
    }
}
