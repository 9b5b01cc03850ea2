using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Settings of the vector index, section <c>Retrieval</c>.</summary>
public sealed class RetrievalOptions
{
    public const string SectionName = "Retrieval";

    /// <summary>Value of <see cref="Index"/>: what fits the number of items.</summary>
    public const string Auto = "auto";

    /// <summary>Value of <see cref="Index"/>: scan everything.</summary>
    public const string Exact = "exact";

    internal const string Cpu = "cpu";
    internal const string Gpu = "gpu";

    /// <summary>
    /// <c>auto</c>, <c>exact</c>, or a FAISS factory string such as <c>IVF1000,Flat</c>, <c>IVF4096,SQ8</c>, <c>HNSW32</c>. It decides what
    /// is built; a bundle is served with the index it has, unless this says <c>exact</c>.
    /// </summary>
    [Required(ErrorMessage = "Retrieval:Index must not be empty.")]
    [RegularExpression(@"[A-Za-z0-9_,.()\[\]=-]{1,200}",
        ErrorMessage = "Retrieval:Index must be auto, exact or a FAISS factory string such as IVF1000,Flat.")]
    public string Index { get; set; } = Auto;

    /// <summary>Path of another build of FAISS's C library (<c>libfaiss_c.so</c>, CPU or GPU); null: the one beside the program.</summary>
    public string? FaissLibrary { get; set; }

    /// <summary><c>auto</c> (a GPU where library and machine have one), <c>cpu</c>, or <c>gpu</c>.</summary>
    [RegularExpression("auto|cpu|gpu", ErrorMessage = "Retrieval:Device must be auto, cpu or gpu.")]
    public string Device { get; set; } = Auto;

    /// <summary>Share of the true 500 nearest items that a search shall find; approximate indexes are tuned to it when built.</summary>
    [Range(0.01, 1.0)]
    public double TargetRecall { get; set; } = 0.95;

    /// <summary>The most items for which <c>auto</c> means <c>exact</c>.</summary>
    [Range(0, int.MaxValue)]
    public int ExactUpTo { get; set; } = 50_000;

    /// <summary>
    /// Most new and changed items that a model takes in beside its index, each 4 bytes per dimension; every request scans them all, the
    /// default number of 128 dimensions in about 2.4 ms of the 5 that retrieval has. Beyond, new items are found by the other sources until
    /// the next bundle.
    /// </summary>
    [Range(0, 2_000_000)]
    public int NewItemsUpTo { get; set; } = 50_000;
}
