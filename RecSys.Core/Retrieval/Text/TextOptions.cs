using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Settings of the text encoder, section <c>Text</c>. Without a directory there is none, and items are read through their n-grams alone.
/// </summary>
public sealed class TextOptions
{
    public const string SectionName = "Text";

    /// <summary>
    /// Folder with <c>config.json</c>, <c>vocab.txt</c> and <c>model.safetensors</c> of a BERT encoder; null or empty: no encoder.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Texts are cut after this many tokens, [CLS] and [SEP] included; never more than the model has positions for.</summary>
    [Range(3, 8192)]
    public int MaxTokens { get; set; } = 128;

    /// <summary>Texts that run through the network together.</summary>
    [Range(1, 4096)]
    public int BatchSize { get; set; } = 64;

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>.</summary>
    [RegularExpression("^(auto|cpu|cuda)$", ErrorMessage = "Text:Device must be auto, cpu or cuda.")]
    public string Device { get; set; } = "auto";

    /// <summary>
    /// Where embeddings are kept between runs; null or empty: in memory only. Losing the folder costs time, nothing else.
    /// </summary>
    public string? CacheFolder { get; set; }

    /// <summary>Most embeddings kept. Each takes 4 bytes per dimension and about 100 more in memory.</summary>
    [Range(1, 50_000_000)]
    public int CacheEntries { get; set; } = 500_000;

    /// <summary>Threads of libtorch, for the whole process.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>While serving: a text of a new item that takes longer is given up, and the process that encodes it ended.</summary>
    [Range(1, 3600)]
    public int SecondsPerText { get; set; } = 10;

    /// <summary>While serving: the process that encodes texts ends when none came for so long.</summary>
    [Range(0.001, 1440)]
    public double IdleMinutes { get; set; } = 5;

    /// <summary>True when a directory is set.</summary>
    [JsonIgnore]
    public bool IsConfigured => !string.IsNullOrWhiteSpace(Directory);
}
