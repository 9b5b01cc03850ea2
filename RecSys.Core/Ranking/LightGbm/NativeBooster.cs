using System.Text;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>A model inside LightGBM: grows while training, or is loaded to predict. One thread at a time.</summary>
internal sealed unsafe class NativeBooster : IDisposable
{
    private readonly BoosterHandle handle;
    // LightGBM reads the data sets until the booster is freed.
    private readonly NativeDataset? train;
    private NativeDataset? valid;

    /// <summary>An empty model over training rows, which must stay alive as long as the booster.</summary>
    public NativeBooster(NativeDataset train, string parameters)
    {
        this.train = train;
        LightGbmCall.Check(LightGbmNative.BoosterCreate(train.Handle, parameters, out handle), "start training");
    }

    private NativeBooster(BoosterHandle handle) => this.handle = handle;

    /// <summary>Loads a text model. Only for text that is known to be sound: LightGBM's own parser may crash on damaged text.</summary>
    public static NativeBooster Load(string modelText)
    {
        LightGbmCall.Check(LightGbmNative.BoosterLoadModelFromString(modelText, out _, out var handle), "load the model");
        return new NativeBooster(handle);
    }

    public int FeatureCount
    {
        get
        {
            LightGbmCall.Check(LightGbmNative.BoosterGetNumFeature(handle, out var count), "count the features");
            return count;
        }
    }

    public void AddValidation(NativeDataset rows)
    {
        valid = rows;
        LightGbmCall.Check(LightGbmNative.BoosterAddValidData(handle, rows.Handle), "take the validation rows");
    }

    /// <summary>Grows one more tree; false when no split improves the model any more.</summary>
    public bool Update()
    {
        LightGbmCall.Check(LightGbmNative.BoosterUpdateOneIter(handle, out var finished), "grow a tree");
        GC.KeepAlive(train);
        GC.KeepAlive(valid);
        return finished == 0;
    }

    /// <summary>The first metric on the validation rows.</summary>
    public double Evaluate()
    {
        LightGbmCall.Check(LightGbmNative.BoosterGetEvalCounts(handle, out var count), "count the metrics");
        var results = stackalloc double[Math.Max(count, 1)];
        LightGbmCall.Check(LightGbmNative.BoosterGetEval(handle, 1, out var got, results), "evaluate the model");
        return got > 0 ? results[0] : double.NaN;
    }

    /// <summary>The first <paramref name="iterations"/> trees in LightGBM's text format, feature importances by gain.</summary>
    public string SaveToString(int iterations)
    {
        var buffer = new byte[1 << 20];
        while (true)
        {
            long length;
            fixed (byte* text = buffer)
            {
                LightGbmCall.Check(
                    LightGbmNative.BoosterSaveModelToString(
                        handle, 0, iterations, LightGbmNative.ImportanceByGain, buffer.Length, out length, text),
                    "save the model");
            }
            // The length counts the final NUL.
            if (length <= buffer.Length) return Encoding.UTF8.GetString(buffer, 0, checked((int)length - 1));
            buffer = new byte[length];
        }
    }

    /// <summary>Total gain by feature over the first <paramref name="iterations"/> trees.</summary>
    public double[] GainImportances(int iterations)
    {
        var gains = new double[FeatureCount];
        fixed (double* results = gains)
        {
            LightGbmCall.Check(
                LightGbmNative.BoosterFeatureImportance(handle, iterations, LightGbmNative.ImportanceByGain, results), "sum up the gains");
        }
        return gains;
    }

    /// <summary>
    /// Raw scores by LightGBM's <c>PredictForMat</c>; the matrix is row-major, <paramref name="rows"/> × <see cref="FeatureCount"/>.
    /// </summary>
    public void PredictRaw(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores, int threads = 1) =>
        Predict(LightGbmNative.PredictRawScore, matrix, rows, rawScores, width: 1, threads);

    /// <summary>
    /// What each feature contributes to each raw score, and behind them the base, row by row: <paramref name="rows"/> ×
    /// (<see cref="FeatureCount"/> + 1).
    /// </summary>
    public void PredictContributions(ReadOnlySpan<float> matrix, int rows, Span<double> contributions) =>
        Predict(LightGbmNative.PredictContributions, matrix, rows, contributions, width: FeatureCount + 1, threads: 1);

    public void Dispose() => handle.Dispose();

    private void Predict(int kind, ReadOnlySpan<float> matrix, int rows, Span<double> output, int width, int threads)
    {
        var features = FeatureCount;
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Length, rows * features);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, rows * width);
        if (rows == 0) return;
        fixed (float* data = matrix)
        fixed (double* results = output)
        {
            LightGbmCall.Check(
                LightGbmNative.BoosterPredictForMat(
                    handle, data, LightGbmNative.Float32, rows, features, 1, kind, 0, -1,
                    threads == 1 ? "num_threads=1" : $"num_threads={threads}", out _, results),
                "predict");
        }
    }
}
