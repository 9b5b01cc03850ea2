namespace RecSys.Core.Import;

/// <summary>How an import treats malformed rows.</summary>
/// <param name="DataFolder">The rejects file goes to <c>imports/</c> in this folder.</param>
public sealed record ImportOptions(string DataFolder)
{
    /// <summary>The largest share of malformed rows of any one file, 0 to 1; above it the import fails as a whole. Default 1 %.</summary>
    public double MaxRejects { get; init; } = 0.01;
}
