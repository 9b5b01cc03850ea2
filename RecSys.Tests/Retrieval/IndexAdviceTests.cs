using System.Text.RegularExpressions;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

/// <summary>Each refusal of an index names what helps, and it does.</summary>
public sealed partial class IndexAdviceTests
{
    private const int Dimension = 16;
    private const int Count = 2000;
    private static readonly float[] Rows = TestVectors.Clustered(Count, Dimension, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [FaissTheory]
    [InlineData("IVF5000,Flat", "IVF51,Flat")]
    [InlineData("IVF5000,SQ8", "IVF51,SQ8")]
    public void Build_MoreListsThanVectors_TheKindThatItNamesIsBuilt(string kind, string named)
    {
        var refused = Assert.Throws<RecSysException>(() => Build(new RetrievalOptions { Index = kind }));

        Assert.Equal(named, Kind().Match(refused.Message[refused.Message.IndexOf("at most", StringComparison.Ordinal)..]).Value);
        using var built = Build(new RetrievalOptions { Index = named }).Index;
        Assert.Equal(Count, built.Count);
        // The other way out.
        using var auto = Build(new RetrievalOptions { Index = RetrievalOptions.Auto }).Index;
        Assert.Equal(Count, auto.Count);
    }

    // Rows that cannot be read: who asks for one has found that there is memory enough.
    [FaissFact]
    public void Build_TooLittleMemoryForTheKind_TheKindThatItNamesFits()
    {
        const long free = 3L << 30;

        var refused = Assert.Throws<RecSysException>(() => BuildLarge(RetrievalOptions.Exact, free));

        var named = Kind().Match(refused.Message).Value;
        Assert.Equal("IVF1000,SQ8", named);
        Assert.Throws<NotSupportedException>(() => BuildLarge(named, free));
    }

    [FaissFact]
    public void Build_TooLittleMemoryForAnyKind_NamesNone()
    {
        var refused = Assert.Throws<RecSysException>(() => BuildLarge(RetrievalOptions.Exact, 1 << 30));

        Assert.DoesNotMatch(Kind(), refused.Message);
        Assert.Throws<NotSupportedException>(() => BuildLarge(RetrievalOptions.Exact, 6L << 30));
    }

    [FaissFact]
    public void Build_VectorsTooCoarse_TheFinerKindThatItNamesReachesTheTarget()
    {
        var coarse = Build(new RetrievalOptions { Index = "IVF16,PQ4x4", TargetRecall = 0.9 });
        coarse.Index.Dispose();

        Assert.Contains("a finer kind such as SQfp16 or Flat", coarse.Shortfall, StringComparison.Ordinal);
        foreach (var finer in (string[])["IVF16,SQfp16", "IVF16,Flat"])
        {
            var built = Build(new RetrievalOptions { Index = finer, TargetRecall = 0.9 });
            built.Index.Dispose();
            Assert.Null(built.Shortfall);
        }
        var lowered = Build(new RetrievalOptions { Index = "IVF16,PQ4x4", TargetRecall = coarse.Chosen!.Recall - 0.05 });
        lowered.Index.Dispose();
        Assert.Null(lowered.Shortfall);
    }

    [FaissTheory]
    [InlineData("auto")]
    [InlineData("cpu")]
    public void Build_GpuThatIsNotThere_TheDevicesThatItNamesServe(string device)
    {
        var refused = Assert.Throws<RecSysException>(() => Build(new RetrievalOptions { Index = "IVF16,Flat", Device = "gpu" }));

        Assert.Contains("Set it to auto or cpu", refused.Message, StringComparison.Ordinal);
        using var built = Build(new RetrievalOptions { Index = "IVF16,Flat", Device = device }).Index;
        Assert.Equal(Count, built.Count);
    }

    [FaissFact]
    public void Build_LibraryThatDoesNotExist_WithoutTheSettingItIsBuilt()
    {
        var refused = Assert.Throws<RecSysException>(
            () => Build(new RetrievalOptions { Index = "IVF16,Flat", FaissLibrary = "/nowhere/libfaiss_c.so" }));

        Assert.Contains("or remove the setting", refused.Message, StringComparison.Ordinal);
        using var built = Build(new RetrievalOptions { Index = "IVF16,Flat" }).Index;
        Assert.Equal(Count, built.Count);
    }

    private static BuiltIndex Build(RetrievalOptions options) => VectorIndexBuilder.Build(Rows, Dimension, options, default, null, Ct);

    private static void BuildLarge(string kind, long free) =>
        VectorIndexBuilder.Build(new Unreadable(), new RetrievalOptions { Index = kind }, default, free, null, Ct).Index.Dispose();

    private sealed class Unreadable : IVectorRows
    {
        public int Dimension => 128;
        public int Count => 10_000_000;

        public void Read(int first, Span<float> rows) => throw new NotSupportedException();
    }

    [GeneratedRegex(@"IVF\d+,\w+")]
    private static partial Regex Kind();
}
