namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Rows in LightGBM's binned form. The input must have passed <see cref="RankerDatasetChecks"/>.</summary>
internal sealed unsafe class NativeDataset : IDisposable
{
    private readonly DatasetHandle handle;

    /// <param name="rows">Copied; the arrays may change afterwards.</param>
    /// <param name="featureNames">One per feature.</param>
    /// <param name="parameters">LightGBM parameters, <c>key=value</c> separated by spaces.</param>
    /// <param name="reference">Training rows whose bins a validation set shares; null for training rows.</param>
    public NativeDataset(RankerDataset rows, IReadOnlyList<string> featureNames, string parameters, NativeDataset? reference)
    {
        using var none = new DatasetHandle();
        fixed (float* values = rows.Values)
        {
            LightGbmCall.Check(
                LightGbmNative.DatasetCreateFromMat(
                    values, LightGbmNative.Float32, rows.Rows, rows.Features, 1, parameters, reference?.handle ?? none, out handle),
                "bin the rows");
        }
        try
        {
            LightGbmCall.Check(LightGbmNative.DatasetSetFeatureNames(handle, [.. featureNames], featureNames.Count), "name the features");
            fixed (float* labels = rows.Labels) Set("label", labels, rows.Rows, LightGbmNative.Float32);
            fixed (float* weights = rows.Weights) Set("weight", weights, rows.Rows, LightGbmNative.Float32);
            fixed (int* groups = rows.GroupSizes) Set("group", groups, rows.GroupSizes?.Length ?? 0, LightGbmNative.Int32);
            fixed (int* positions = rows.Positions) Set("position", positions, rows.Rows, LightGbmNative.Int32);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public DatasetHandle Handle => handle;

    public void Dispose() => handle.Dispose();

    private void Set(string field, void* data, int count, int type)
    {
        if (data == null) return;
        LightGbmCall.Check(LightGbmNative.DatasetSetField(handle, field, data, count, type), $"set the field {field}");
    }
}
