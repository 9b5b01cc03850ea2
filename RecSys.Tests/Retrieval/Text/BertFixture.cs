using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.Weights;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval.Text;

/// <summary>The small random BERT of the fixtures, and copies of it that a test may damage.</summary>
internal sealed class BertFixture : IDisposable
{
    public static readonly string Original = Path.Combine(AppContext.BaseDirectory, "Fixtures", "bert-tiny-random");

    private readonly TemporaryFolder folder = new();

    public BertFixture()
    {
        foreach (var name in new[] { "config.json", "vocab.txt", "model.safetensors" })
            File.Copy(Path.Combine(Original, name), folder[name]);
    }

    public static IReadOnlyList<Case> Cases { get; } = ReadCases();

    public string Directory => folder.Path;
    public string Config => folder["config.json"];
    public string Vocabulary => folder["vocab.txt"];
    public string Weights => folder["model.safetensors"];

    public static TextOptions Options(string directory) =>
        new() { Directory = directory, MaxTokens = 32, Device = "cpu", Threads = 1, BatchSize = 4 };

    public BertTextEncoder Load() => BertTextEncoder.Load(Options(Directory));

    public void Configure(string field, string json)
    {
        var config = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        config[field] = JsonNode.Parse(json);
        File.WriteAllText(Config, config.ToJsonString());
    }

    /// <summary>Rewrites the weights file after a change of the tensors.</summary>
    public void Change(Action<Dictionary<string, WeightTensor>> change)
    {
        var tensors = Safetensors.Read(Weights);
        change(tensors);
        Safetensors.Write(Weights, tensors);
    }

    /// <summary>Embeddings of the fixture's texts, one row per case.</summary>
    public static float[][] Embed(BertTextEncoder encoder) =>
        [.. encoder.Encode([.. Cases.Select(c => c.Text)], null, TestContext.Current.CancellationToken).Chunk(encoder.Dimension)];

    public void Dispose() => folder.Dispose();

    private static Case[] ReadCases()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Original, "expected.json")));
        return
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Select(c => new Case(
                c.GetProperty("text").GetString()!,
                [.. c.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())],
                [.. c.GetProperty("mean_pooled_l2_normalised").EnumerateArray().Select(v => v.GetSingle())])),
        ];
    }

    public sealed record Case(string Text, int[] Ids, float[] Embedding);
}
