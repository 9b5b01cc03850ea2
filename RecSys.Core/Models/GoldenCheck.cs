using System.Numerics.Tensors;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>Computes the golden results of a set of models and compares them with stored ones.</summary>
internal sealed class GoldenCheck(UserTower tower, ItemVectors embeddings, Forest forest, ICalibrator calibrator)
{
    public const int Top = 10;
    public const long MaxBytes = 16 << 20;

    // Machines sum dot products in vectors of different width; unit vectors then agree to about 1e-7.
    private const float EmbeddingTolerance = 1e-4f;
    private const float TieTolerance = 1e-4f;
    private const double ScoreTolerance = 1e-9;

    // Another version of FAISS may visit other lists or nodes at the edge of what it explores.
    private const double ApproximateAgreement = 0.9;

    /// <summary>Over embeddings that lie one behind the other, as training hands them over.</summary>
    /// <param name="users">Become queries.</param>
    /// <param name="rows">Become rows.</param>
    /// <param name="own">The bundle's approximate index, or null.</param>
    public GoldenSet Compute(IEnumerable<GoldenInput> users, IEnumerable<float[]> rows, IVectorIndex? own = null)
    {
        using var exact = new ExactIndex((ContiguousVectors)embeddings);
        return new GoldenSet
        {
            Queries = [.. users.Select(user =>
            {
                int[] history = [.. user.History], profile = [.. user.Profile];
                var query = Embed(history, profile);
                return new GoldenQuery(history, profile, query, Search(exact, query), own is null ? null : Search(own, query));
            })],
            Rows = [.. rows.Select(row =>
            {
                var score = Score(row);
                return new GoldenRow(row, score, calibrator.Calibrate(score));
            })],
        };
    }

    /// <summary>Repeats a golden file against an index.</summary>
    /// <returns>The first difference in words, or null when all agree.</returns>
    public string? Difference(GoldenSet golden, IVectorIndex index)
    {
        if (golden.Queries is not { Count: > 0 }) return "holds no queries";
        if (golden.Rows is not { Count: > 0 }) return "holds no feature rows";
        for (var i = 0; i < golden.Queries.Count; i++)
        {
            if (Difference(golden.Queries[i], index) is { } difference) return $"query {i}: {difference}";
        }
        for (var i = 0; i < golden.Rows.Count; i++)
        {
            if (Difference(golden.Rows[i]) is { } difference) return $"row {i}: {difference}";
        }
        return null;
    }

    public static GoldenSet Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new RecSysException($"{path} is larger than {MaxBytes} bytes. Publish the bundle again.");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), GoldenJson.Default.GoldenSet)
                ?? throw new RecSysException($"{path} is null. Publish the bundle again.");
        }
        catch (JsonException e)
        {
            throw new RecSysException($"{path} is not valid ({JsonFaults.Describe(e)}). Publish the bundle again.", e);
        }
    }

    private string? Difference(GoldenQuery? golden, IVectorIndex index)
    {
        var (items, dimension) = (embeddings.Count, embeddings.Dimension);
        if (golden?.History is null || golden.Profile is null || golden.Embedding is null || golden.Top is null) return "a part is missing";
        if (golden.History.Any(row => (uint)row >= (uint)items)) return "the history names an item that does not exist";
        if (golden.Profile.Any(bucket => (uint)bucket >= ProfileBuckets.TableRows)) return "the profile names a bucket that does not exist";
        if (golden.Embedding.Length != dimension) return $"the expected embedding has {golden.Embedding.Length} values, not {dimension}";
        if (golden.Top.Any(row => (uint)row >= (uint)items)) return "the expected items do not all exist";

        var query = Embed(golden.History, golden.Profile);
        var gap = TensorPrimitives.Distance<float>(query, golden.Embedding);
        // Written so that NaN fails, too.
        if (!(gap <= EmbeddingTolerance)) return $"the user embedding is {gap} away from the expected one";
        var found = Search(index, query);
        return index is ExactIndex ? ExactDifference(query, found, golden.Top) : ApproximateDifference(found, golden.Found);
    }

    private string? ExactDifference(float[] query, int[] found, int[] expected)
    {
        if (found.Length != expected.Length) return $"{found.Length} items were found, {expected.Length} are expected";
        for (var i = 0; i < found.Length; i++)
        {
            // Items of practically equal score may change places.
            if (found[i] != expected[i] && !(Math.Abs(Dot(query, found[i]) - Dot(query, expected[i])) <= TieTolerance))
                return $"item row {found[i]} was found at place {i + 1}, {expected[i]} is expected";
        }
        return null;
    }

    private static string? ApproximateDifference(int[] found, int[]? expected)
    {
        if (expected is null) return "it was written for a bundle without an index file";
        var agree = found.Intersect(expected).Count();
        // Against the longer list: neither items that are missed now nor items that were not found then may be many. At least one, so that
        // a golden file that expects nothing agrees with nothing.
        var needed = Math.Max(1, (int)Math.Floor(ApproximateAgreement * Math.Max(found.Length, expected.Length)));
        return agree >= needed
            ? null : $"the index finds {found.Length} items, and {agree} of the {expected.Length} that it found when it was written";
    }

    private string? Difference(GoldenRow? golden)
    {
        if (golden?.Features is null || golden.Features.Length != forest.FeatureCount) return $"it has not {forest.FeatureCount} features";
        var score = Score(golden.Features);
        if (!(Math.Abs(score - golden.RawScore) <= ScoreTolerance * Math.Max(1, Math.Abs(score))))
            return $"the raw score is {score}, {golden.RawScore} is expected";
        var probability = calibrator.Calibrate(score);
        if (probability is not (>= 0 and <= 1) || !(Math.Abs(probability - golden.Probability) <= ScoreTolerance))
            return $"the probability is {probability}, {golden.Probability} is expected";
        return null;
    }

    private float[] Embed(int[] history, int[] profile)
    {
        var query = new float[embeddings.Dimension];
        tower.Embed(history, profile, embeddings, query);
        return query;
    }

    private static int[] Search(IVectorIndex index, float[] query)
    {
        Span<long> ids = stackalloc long[Top];
        Span<float> scores = stackalloc float[Top];
        var rows = new int[index.Search(query, ids, scores)];
        for (var i = 0; i < rows.Length; i++) rows[i] = (int)ids[i];
        return rows;
    }

    private double Score(float[] row)
    {
        Span<double> score = stackalloc double[1];
        forest.Score(row, 1, score);
        return score[0];
    }

    private float Dot(float[] query, int row) => TensorPrimitives.Dot(query, embeddings[row]);
}
