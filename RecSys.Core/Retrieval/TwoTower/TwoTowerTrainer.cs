using System.Diagnostics;
using RecSys.Core.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Fits both towers by softmax over the catalogue (or a corrected sample of it), with early stopping on held-out last entries.
/// </summary>
public sealed class TwoTowerTrainer : IDisposable
{
    private const int WarmupSteps = 100;
    private const double FinalRate = 0.05;
    private const double MaxGradient = 1;

    // An id is one row among the many that the content of an item has, and knows more than any of them.
    private const double IdRate = 4;

    private const int EmbedBlock = 8192;

    private readonly TowerTrainingData data;
    private readonly TwoTowerOptions options;
    private readonly string settings;
    private readonly bool sparse;
    private readonly ItemContent content;
    private readonly HeldOutEntry[] heldOut;
    private readonly TowerBatcher batcher;
    private readonly Device device;
    private readonly Tensor knownIds;
    private readonly ItemTowerModule itemTower;
    private readonly UserTowerModule userTower;
    private readonly RowAdam ids;
    private readonly RowAdam words;
    private readonly TowerOptimizer optimizer;
    private readonly ItemContentTensors? allContent;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private long targetsDone;

    /// <summary>Everything that a step reads or writes lives on the device; batches are made on the processor and sent there.</summary>
    internal TwoTowerTrainer(TowerTrainingData data, TwoTowerOptions given, Device device)
    {
        this.device = device;
        this.data = data;
        var split = new TowerSplit(data, data.Validation is null ? given.ValidationUsers : 0, given.Seed);
        var counts = split.ItemCounts();
        var (targets, used) = (counts.Sum(count => (long)count), counts.Count(count => count > 0));
        options = TowerDefaults.Complete(given, targets, used) with
        {
            ReducedPrecision = given.ReducedPrecision ?? ReducedPrecision.IsFastOn(device),
        };
        sparse = TowerDefaults.IsSparse(targets, used);
        settings = TowerDefaults.Describe(options, targets, used);
        heldOut = data.Validation is { } entries ? [.. entries] : TowerValidation.Of(data, split);
        batcher = new TowerBatcher(data, split, options);
        if (batcher.TargetCount == 0)
            throw new RecSysException("There is nothing to train the towers on: the log holds no positive events.");
        content = new ItemContent(data.Items, data.LastTimeMs, data.Texts, batcher.KnownItems);
        // An id that was never a target or an entry has learnt nothing: such items live by their content.
        var known = new float[data.Items.Count];
        foreach (var item in batcher.KnownItems) known[item] = 1;
        knownIds = tensor(known, [known.Length, 1]).Send(device);
        // Drawn on the processor: the same seed starts from the same weights on every device.
        itemTower = new ItemTowerModule(options, content.TextDimension).to(device);
        userTower = new UserTowerModule(options).to(device);
        ids = new RowAdam(randn(data.Items.Count, options.Dimension).Multiply(options.IdScale!.Value).to(device));
        words = new RowAdam(randn(ItemContentScheme.TableRows, options.Dimension).Multiply(0.5).to(device));
        optimizer = new TowerOptimizer([itemTower, userTower], options.WeightDecay);
        allContent = batcher.FullSoftmax ? content.Select(batcher.KnownItems).To(device) : null;
    }

    /// <summary>
    /// Trains until the validation NDCG@10 stops rising, the epochs or the time budget are used up; keeps the best epoch's weights.
    /// </summary>
    /// <remarks>The same data, options and thread count give the same model as far as libtorch's kernels are deterministic.</remarks>
    /// <exception cref="RecSysException">The data holds no positive event, the loss left the finite numbers, or the device is not
    /// there.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static TwoTowerModel Train(TowerTrainingData data, TwoTowerOptions options, IProgress<TowerEpoch>? progress,
        CancellationToken ct) => Train(data, options, progress, steps: null, ct);

    /// <inheritdoc cref="Train(TowerTrainingData, TwoTowerOptions, IProgress{TowerEpoch}?, CancellationToken)"/>
    /// <param name="data">What is learnt from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of each epoch.</param>
    /// <param name="steps">Told of each batch: an epoch may take minutes.</param>
    /// <param name="ct">Stops between batches.</param>
    /// <param name="epochs">
    /// So many epochs of the schedule that the options give are run, and the last one's weights are kept, whatever validation says; null
    /// lets validation choose.
    /// </param>
    public static TwoTowerModel Train(TowerTrainingData data, TwoTowerOptions options, IProgress<TowerEpoch>? progress,
        IProgress<WorkProgress>? steps, CancellationToken ct, int? epochs = null)
    {
        using var runtime = TorchRuntime.Use(options.Threads);
        var device = TorchDevice.Choose(options.Device, $"{TwoTowerOptions.SectionName}:Device");
        random.manual_seed(options.Seed);
        using var scope = NewDisposeScope();
        using var trainer = new TwoTowerTrainer(data, options, device);
        return trainer.Run(progress, steps, epochs, ct);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        ids.Dispose();
        words.Dispose();
        itemTower.Dispose();
        userTower.Dispose();
    }

    private TwoTowerModel Run(IProgress<TowerEpoch>? progress, IProgress<WorkProgress>? steps, int? wanted, CancellationToken ct)
    {
        var epochs = new List<TowerEpoch>();
        TwoTowerModel? best = null;
        var outOfTime = false;
        for (var number = 1; number <= (wanted ?? options.MaxEpochs!.Value) && !outOfTime; number++)
        {
            var start = clock.Elapsed;
            var before = targetsDone;
            var loss = RunEpoch(number, ref outOfTime, steps, ct);
            if (!double.IsFinite(loss))
                throw new RecSysException(
                    $"Two-tower training diverged in epoch {number}: lower {TwoTowerOptions.SectionName}:LearningRate.");
            var speed = (targetsDone - before) / (clock.Elapsed - start).TotalSeconds;

            var (items, tower) = Export();
            var (auc, recall, ndcg) = TowerValidation.Measure(data, heldOut, tower, items);
            var epoch = new TowerEpoch(number, options.MaxEpochs!.Value, loss, auc, recall, ndcg, speed, clock.Elapsed);
            epochs.Add(epoch);
            progress?.Report(epoch);
            // Where an epoch is wanted, none before it is kept.
            if (wanted is { } last ? number == last || outOfTime : best is null || !(ndcg <= best.BestEpoch.ValidNdcg10))
                best = new TwoTowerModel { ItemEmbeddings = items, UserTower = tower, ItemTower = ExportItemTower(), Ids = ExportIds(),
                    BestEpoch = epoch, Epochs = epochs, Settings = settings, Temperature = options.Temperature!.Value, SparseLog = sparse,
                    Targets = batcher.TargetCount, Used = options };
            else if (best is not null && number - best.BestEpoch.Epoch >= options.Patience!.Value) break;
        }
        return best!;
    }

    private double RunEpoch(int number, ref bool outOfTime, IProgress<WorkProgress>? steps, CancellationToken ct)
    {
        itemTower.train();
        userTower.train();
        // Summed where it is computed: reading it after every step would make a GPU wait.
        using var loss = zeros(1, device: device);
        long targets = 0;
        using var batches = batcher.Epoch().GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            ct.ThrowIfCancellationRequested();
            if (!batches.MoveNext()) break;
            var size = batches.Current.Targets.shape[0];
            loss.Increase(Step(batches.Current), size);
            targets += size;
            targetsDone += size;
            steps?.Report(new WorkProgress($"two-tower epoch {number}", targets, batcher.TargetCount, "targets"));
            outOfTime = clock.Elapsed > options.TimeBudget;
            if (outOfTime) break;
        }
        return loss.item<float>() / targets;
    }

    /// <summary>Learns from one batch.</summary>
    /// <returns>Its mean loss, [1].</returns>
    internal Tensor Step(TowerBatch batch)
    {
        batch = batch.To(device);
        var rate = Rate();
        itemTower.zero_grad();
        userTower.zero_grad();

        var rows = RowsOf(batch.Items);
        var idRows = ids.Rows(rows);
        var bags = allContent ?? content.Select(batch.Items).To(device);
        var sums = bags.ByItem.Sum(words.Rows(bags.Rows)).requires_grad_();
        var vectors = itemTower.call(idRows, DropIds(knownIds.index_select(0, rows)), sums, bags);
        var padded = cat([vectors, zeros(1, options.Dimension, device: device)], 0);
        var entries =
            padded.index_select(0, batch.Entries.flatten()).view(batch.Entries.shape[0], batch.Entries.shape[1], options.Dimension);
        var users = userTower.Forward(entries, batch.Rows, batch.Buckets, batch.Offsets);

        var candidates = vectors.narrow(0, 0, batch.CandidateCount);
        var (loss, byUsers, byCandidates) = SoftmaxLoss.Compute(
            users, candidates, batch.Targets, batch.LogInclusion, options.Temperature!.Value, options.ReducedPrecision == true);
        // A scalar whose gradients by users and candidates are the ones just computed.
        (users * byUsers).sum().Plus((candidates * byCandidates).sum()).backward();
        ClipGradients();
        optimizer.Step(rate);
        ids.Step(rows, idRows.grad!, rate * IdRate);
        words.Step(bags.Rows, bags.ByRow.Sum(sums.grad!), rate);
        return loss;
    }

    // Linear warm-up, then a cosine down to a twentieth over the epochs or the time budget, whichever is further used up.
    private double Rate()
    {
        var done = targetsDone / ((double)batcher.TargetCount * options.MaxEpochs!.Value);
        if (options.TimeBudget is { } budget) done = Math.Max(done, clock.Elapsed / budget);
        var warmup = Math.Min(1, (1.0 + targetsDone / (double)options.BatchSize!.Value) / WarmupSteps);
        return options.LearningRate * warmup * (FinalRate + (1 - FinalRate) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, done))));
    }

    // As torch's clip_grad_norm_, which would fetch the norm to the processor.
    private void ClipGradients()
    {
        using var guard = no_grad();
        var gradients = itemTower.parameters().Concat(userTower.parameters()).Select(p => p.grad).OfType<Tensor>().ToArray();
        var norm = stack([.. gradients.Select(g => g.norm())]).norm();
        using Scalar most = KeptScalars.Keep(1);
        var scale = norm.Plus(1e-6).reciprocal().Times(MaxGradient).clamp_max(most);
        foreach (var gradient in gradients) gradient.mul_(scale);
    }

    // Of a table, on its device.
    private Tensor RowsOf(int[] rows) => tensor(Array.ConvertAll(rows, row => (long)row)).Send(device);

    private Tensor DropIds(Tensor known) => options.ItemIdDropout > 0 ? known * rand_like(known).IsAtLeast(options.ItemIdDropout) : known;

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
            var rows = RowsOf(part.ToArray());
            var bags = content.Select(part).To(device);
            var block = itemTower.call(ids.Rows(rows), knownIds.index_select(0, rows), bags.ByItem.Sum(words.Rows(bags.Rows)), bags);
            block.cpu().data<float>().CopyTo(vectors.AsSpan(first * options.Dimension));
        }
        return (vectors, new UserTower(userTower.Export()));
    }

    private ItemTower ExportItemTower()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        int[] rows = [.. Enumerable.Range(0, ItemContentScheme.TableRows).Where(row => content.Kept is null || content.Kept[row])];
        // A catalogue of bare ids has learnt nothing of any content, and torch copies no empty tensor.
        if (rows.Length == 0) return new ItemTower(ItemTower.Tensors(itemTower.Export(), content, [], []));
        var table = words.Rows(RowsOf(rows)).cpu().data<float>().ToArray();
        return new ItemTower(ItemTower.Tensors(itemTower.Export(), content, rows, table));
    }

    // Zero for the items that live by their content.
    private IdTable ExportIds()
    {
        using var guard = no_grad();
        var table = new IdTable(data.Items.Count, options.Dimension);
        for (var first = 0; first < table.Count; first += EmbedBlock)
        {
            using var scope = NewDisposeScope();
            var rows = RowsOf([.. Enumerable.Range(first, Math.Min(table.Count - first, EmbedBlock))]);
            var block = (ids.Rows(rows) * knownIds.index_select(0, rows)).cpu().data<float>().ToArray();
            for (var at = 0; at < block.Length; at += options.Dimension)
                table.Set(first + at / options.Dimension, block.AsSpan(at, options.Dimension));
        }
        return table;
    }
}
