using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Texts to unit vectors with a BERT encoder from a folder in Hugging Face's layout: WordPiece tokens, the network on the CPU or a CUDA
/// device, the mean over all tokens of the last layer. Embeddings are remembered by content. Not thread-safe.
/// </summary>
public sealed class BertTextEncoder : IDisposable
{
    private readonly TextOptions options;
    private readonly ILogger logger;
    private readonly TorchRuntime runtime;
    private readonly Device device;
    private readonly BertTokens tokens;
    private readonly BertNetwork network;
    private readonly EmbeddingCache cache;

    private BertTextEncoder(TextOptions options, ILogger logger)
    {
        (this.options, this.logger) = (options, logger);
        var directory = options.Directory!;
        var config = BertConfig.Read(directory);
        Dimension = config.Hidden;
        MaxTokens = Math.Min(options.MaxTokens, config.Positions);
        tokens = new BertTokens(Path.Combine(directory, "vocab.txt"), config, MaxTokens);
        runtime = TorchRuntime.Use(options.Threads);
        try
        {
            device = TorchDevice.Choose(options.Device, $"{TextOptions.SectionName}:Device");
            var path = Path.Combine(directory, "model.safetensors");
            network = new BertNetwork(config, new BertWeights(path, device));
            ModelHash = TextModelHash.Of(directory, MaxTokens);
            cache = new EmbeddingCache(options.CacheFolder, ModelHash, Dimension, options.CacheEntries, logger);
        }
        catch
        {
            network?.Dispose();
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>Values per embedding: the model's hidden size.</summary>
    public int Dimension { get; }

    /// <summary>Tokens after which texts are cut.</summary>
    public int MaxTokens { get; }

    /// <summary>See <see cref="TextModelHash"/>.</summary>
    public string ModelHash { get; }

    /// <summary>Texts that ran through the network so far, those found in the cache not counted.</summary>
    public long Computed { get; private set; }

    /// <summary>Reads the model.</summary>
    /// <exception cref="RecSysException">A setting is out of range, a file is missing, damaged or of an unsupported model, or the device is
    /// not there.</exception>
    public static BertTextEncoder Load(TextOptions options, ILogger? logger = null)
    {
        if (!options.IsConfigured)
            throw new RecSysException($"{TextOptions.SectionName}:Directory is not set: name the folder of a BERT model.");
        var validation = new TextOptionsValidator().Validate(TextOptions.SectionName, options);
        if (validation.Failed)
            throw new RecSysException($"The section {TextOptions.SectionName} is not valid: {validation.FailureMessage}");
        return new BertTextEncoder(options, logger ?? NullLogger.Instance);
    }

    /// <summary>Embeds texts; equal ones run through the network once.</summary>
    /// <param name="texts">Any texts; an empty one has an embedding too.</param>
    /// <param name="progress">Hears about every batch; null for silence.</param>
    /// <param name="cancellationToken">Checked before every batch. What was computed until then is remembered.</param>
    /// <returns>[texts × <see cref="Dimension"/>], row-major, each row of length one.</returns>
    /// <exception cref="RecSysException">The network gave values that are not finite.</exception>
    /// <exception cref="OperationCanceledException"/>
    public float[] Encode(IReadOnlyList<string> texts, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var result = new float[checked(texts.Count * Dimension)];
        var places = new Dictionary<TextKey, List<int>>();
        var unknown = new List<(TextKey Key, int[] Ids)>();
        for (var i = 0; i < texts.Count; i++)
        {
            var key = TextKey.Of(texts[i]);
            if (places.TryGetValue(key, out var waiting)) waiting.Add(i);
            else if (cache.TryGet(key, out var known)) known.CopyTo(Row(i));
            else
            {
                places.Add(key, [i]);
                unknown.Add((key, tokens.Encode(texts[i])));
            }
        }
        // Texts of about one length waste little on padding. The longest first, so that too little memory shows at once.
        unknown.Sort((a, b) => b.Ids.Length.CompareTo(a.Ids.Length));
        try
        {
            for (var first = 0; first < unknown.Count; first += options.BatchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = unknown.GetRange(first, Math.Min(options.BatchSize, unknown.Count - first));
                var vectors = Run(batch);
                for (var i = 0; i < batch.Count; i++)
                {
                    var vector = vectors.AsSpan(i * Dimension, Dimension).ToArray();
                    foreach (var place in places[batch[i].Key]) vector.CopyTo(Row(place));
                    cache.Add(batch[i].Key, vector);
                }
                progress?.Report(new WorkProgress("encode texts", first + batch.Count, unknown.Count, "texts"));
            }
        }
        finally
        {
            cache.Save();
        }
        TextLog.Encoded(logger, unknown.Count, texts.Count);
        return result;

        Span<float> Row(int text) => result.AsSpan(text * Dimension, Dimension);
    }

    public void Dispose()
    {
        network.Dispose();
        runtime.Dispose();
    }

    /// <summary>Token ids as the network sees them.</summary>
    internal int[] Tokenise(string text) => tokens.Encode(text);

    private float[] Run(List<(TextKey Key, int[] Ids)> batch)
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var length = batch.Max(text => text.Ids.Length);
        var (ids, real) = (new long[batch.Count * length], new bool[batch.Count * length]);
        for (var i = 0; i < batch.Count; i++)
        {
            for (var at = 0; at < batch[i].Ids.Length; at++) (ids[i * length + at], real[i * length + at]) = (batch[i].Ids[at], true);
        }
        var vectors = network.Embed(tensor(ids, [batch.Count, length]).Send(device), tensor(real, [batch.Count, length]).Send(device));
        var values = vectors.cpu().data<float>().ToArray();
        // Finite weights of a damaged model may still overflow on the way.
        if (values.Any(value => !float.IsFinite(value)))
            throw new RecSysException(
                $"The text model in '{options.Directory}' gave values that are not finite: its weights are damaged. Restore them.");
        Computed += batch.Count;
        return values;
    }
}
