using System.Diagnostics;
using RecSys.Core.Domain;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Fits both towers by softmax over the catalogue (or a corrected sample of it), with early stopping on held-out last entries.</summary>
public sealed class TwoTowerTrainer : IDisposable
{
    private const int WarmupSteps = 100;
    private const double FinalRate = 0.05;
    private const double MaxGradient = 1;
    private const int EmbedBlock = 8192;

    private readonly TowerTrainingData data;
    private readonly TwoTowerOptions options;
    private readonly ItemContent content;
    private readonly TowerSplit split;
    private readonly TowerBatcher batcher;
    private readonly float[] knownIds;
    private readonly ItemTowerModule itemTower;
    private readonly UserTowerModule userTower;
    private readonly RowAdam ids;
    private readonly RowAdam words;
    private readonly optim.Optimizer optimizer;
    private readonly ItemContentTensors? allContent;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private long targetsDone;

    private TwoTowerTrainer(TowerTrainingData data, TwoTowerOptions options)
    {
        (this.data, this.options) = (data, options);
        content = new ItemContent(data.Items, data.LastTimeMs, data.Texts);
        split = new TowerSplit(data, options.ValidationUsers, options.Seed);
        batcher = new TowerBatcher(data, split, options);
        if (batcher.TargetCount == 0) throw new RecSysException("There is nothing to train the towers on: the log holds no positive events.");
        // An id that was never a target or an entry has learnt nothing: such items live by their content.
        knownIds = [.. data.ItemCounts().Select(count => count > 0 ? 1f : 0f)];
        itemTower = new ItemTowerModule(options, content.TextDimension);
        userTower = new UserTowerModule(options);
        ids = new RowAdam(randn(data.Items.Count, options.Dimension).mul_(0.5));
        words = new RowAdam(randn(ItemContent.TableRows, options.Dimension).mul_(0.5));
        optimizer = TowerOptimizer.Create([itemTower, userTower], options);
        allContent = batcher.FullSoftmax ? content.Select([.. Enumerable.Range(0, data.Items.Count)]) : null;
    }

    /// <summary>Trains until the validation NDCG@10 stops rising, the epochs or the time budget are used up; keeps the best epoch's weights.</summary>
    /// <remarks>The same data, options and thread count give the same model as far as libtorch's kernels are deterministic.</remarks>
    /// <exception cref="RecSysException">The data holds no positive event, or the loss left the finite numbers.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static TwoTowerModel Train(TowerTrainingData data, TwoTowerOptions options, IProgress<TowerEpoch>? progress, CancellationToken ct)
    {
        using var runtime = TorchRuntime.Use(options.Threads);
        random.manual_seed(options.Seed);
        using var scope = NewDisposeScope();
        using var trainer = new TwoTowerTrainer(data, options);
        return trainer.Run(progress, ct);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        ids.Dispose();
        words.Dispose();
        itemTower.Dispose();
        userTower.Dispose();
    }

    private TwoTowerModel Run(IProgress<TowerEpoch>? progress, CancellationToken ct)
    {
        var epochs = new List<TowerEpoch>();
        TwoTowerModel? best = null;
        var outOfTime = false;
        for (var number = 1; number <= options.MaxEpochs && !outOfTime; number++)
        {
            var start = clock.Elapsed;
            var before = targetsDone;
            var loss = RunEpoch(ref outOfTime, ct);
            if (!double.IsFinite(loss)) throw new RecSysException($"Two-tower training diverged in epoch {number}: lower {TwoTowerOptions.SectionName}:LearningRate.");
            var speed = (targetsDone - before) / (clock.Elapsed - start).TotalSeconds;

            var (items, tower) = Export();
            var (auc, recall, ndcg) = TowerValidation.Measure(data, split, tower, items);
            var epoch = new TowerEpoch(number, options.MaxEpochs, loss, auc, recall, ndcg, speed, clock.Elapsed);
            epochs.Add(epoch);
            progress?.Report(epoch);
            if (best is null || !(ndcg <= best.BestEpoch.ValidNdcg10))
                best = new TwoTowerModel { ItemEmbeddings = items, UserTower = tower, BestEpoch = epoch, Epochs = epochs };
            else if (number - best.BestEpoch.Epoch >= options.Patience) break;
        }
        return best!;
    }

    private double RunEpoch(ref bool outOfTime, CancellationToken ct)
    {
        itemTower.train();
        userTower.train();
        double loss = 0;
        long targets = 0;
        using var batches = batcher.Epoch().GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            ct.ThrowIfCancellationRequested();
            if (!batches.MoveNext()) break;
            var size = batches.Current.Targets.shape[0];
            loss += Step(batches.Current) * size;
            targets += size;
            targetsDone += size;
            outOfTime = clock.Elapsed > options.TimeBudget;
            if (outOfTime) break;
        }
        return loss / targets;
    }

    private double Step(TowerBatch batch)
    {
        var rate = Rate();
        foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
        optimizer.zero_grad();

        var rows = tensor(batch.Items.Select(i => (long)i).ToArray());
        var idRows = ids.Rows(rows);
        var bags = allContent ?? content.Select(batch.Items);
        var sums = bags.ByItem.Sum(words.Rows(bags.Rows)).requires_grad_();
        var vectors = itemTower.call(idRows, Known(batch.Items, dropout: true), sums, bags);
        var padded = cat([vectors, zeros(1, options.Dimension)], 0);
        var entries = padded.index_select(0, batch.Entries.flatten()).view(batch.Entries.shape[0], batch.Entries.shape[1], options.Dimension);
        var users = userTower.Forward(entries, batch.Rows, batch.Buckets, batch.Offsets);

        var candidates = vectors.narrow(0, 0, batch.CandidateCount);
        var (loss, byUsers, byCandidates) = SoftmaxLoss.Compute(users, candidates, batch.Targets, batch.LogInclusion, options.Temperature,
            options.UsesReducedPrecision);
        // A scalar whose gradients by users and candidates are the ones just computed.
        ((users * byUsers).sum() + (candidates * byCandidates).sum()).backward();
        nn.utils.clip_grad_norm_(itemTower.parameters().Concat(userTower.parameters()), MaxGradient);
        optimizer.step();
        ids.Step(rows, idRows.grad!, rate);
        words.Step(bags.Rows, bags.ByRow.Sum(sums.grad!), rate);
        return loss;
    }

    // Linear warm-up, then a cosine down to a twentieth over the epochs or the time budget, whichever is further used up.
    private double Rate()
    {
        var done = targetsDone / ((double)batcher.TargetCount * options.MaxEpochs);
        if (options.TimeBudget is { } budget) done = Math.Max(done, clock.Elapsed / budget);
        var warmup = Math.Min(1, (1.0 + targetsDone / (double)options.BatchSize) / WarmupSteps);
        return options.LearningRate * warmup * (FinalRate + (1 - FinalRate) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, done))));
    }

    private Tensor Known(ReadOnlySpan<int> items, bool dropout)
    {
        var values = new float[items.Length];
        for (var i = 0; i < values.Length; i++) values[i] = knownIds[items[i]];
        var known = tensor(values, [values.Length, 1]);
        return dropout && options.ItemIdDropout > 0 ? known.mul_(rand_like(known).ge(options.ItemIdDropout)) : known;
    }

    private (float[] Items, UserTower Tower) Export()
    {
        using var guard = no_grad();
        itemTower.eval();
        userTower.eval();
        var vectors = new float[checked(data.Items.Count * options.Dimension)];
        var all = Enumerable.Range(0, data.Items.Count).ToArray();
        for (var first = 0; first < all.Length; first += EmbedBlock)
        {
            using var scope = NewDisposeScope();
            var part = all.AsSpan(first, Math.Min(EmbedBlock, all.Length - first));
            var rows = arange(first, first + part.Length, ScalarType.Int64);
            var bags = content.Select(part);
            var block = itemTower.call(ids.Rows(rows), Known(part, dropout: false), bags.ByItem.Sum(words.Rows(bags.Rows)), bags);
            block.data<float>().CopyTo(vectors.AsSpan(first * options.Dimension));
        }
        return (vectors, new UserTower(userTower.Export()));
    }
}
