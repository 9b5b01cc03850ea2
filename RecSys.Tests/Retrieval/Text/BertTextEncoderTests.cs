using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Tests.Retrieval.Text;

[Collection(TorchCollection.Name)]
public sealed class BertTextEncoderTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }

    [Fact]
    public void Tokenise_FixtureTexts_GivesTheExpectedIds()
    {
        using var encoder = BertTextEncoder.Load(BertFixture.Options(BertFixture.Original));

        Assert.All(BertFixture.Cases, c => Assert.Equal(c.Ids, encoder.Tokenise(c.Text)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Encode_FixtureTexts_GivesTheExpectedEmbeddings(int batchSize)
    {
        var options = BertFixture.Options(BertFixture.Original);
        options.BatchSize = batchSize;
        using var encoder = BertTextEncoder.Load(options);

        var rows = BertFixture.Embed(encoder);

        Assert.Equal(32, encoder.Dimension);
        for (var i = 0; i < rows.Length; i++) AssertClose(BertFixture.Cases[i].Embedding, rows[i], 1e-4);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("gelu_new")]
    public void Encode_OtherActivationAndHeads_EqualsTheReference(string activation)
    {
        using var fixture = new BertFixture();
        fixture.Configure("hidden_act", $"\"{activation}\"");
        fixture.Configure("num_attention_heads", "2");
        var reference = new ReferenceBert(Safetensors.Read(fixture.Weights), 2, 2, activation == "relu"
            ? x => Math.Max(0, x)
            : x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
        using var encoder = fixture.Load();

        var rows = BertFixture.Embed(encoder);

        for (var i = 0; i < rows.Length; i++)
            AssertClose([.. reference.Embed(BertFixture.Cases[i].Ids).Select(v => (float)v)], rows[i], 1e-5);
    }

    [Fact]
    public void Encode_RepeatedAndKnownTexts_RunOnce()
    {
        using var encoder = BertTextEncoder.Load(BertFixture.Options(BertFixture.Original));

        var first = encoder.Encode(["a", "b", "a", "a"], null, None);
        var second = encoder.Encode(["b", "c"], null, None);

        Assert.Equal(3, encoder.Computed);
        AssertClose(first[..32], first.AsSpan(64, 32), 0);
        AssertClose(first[32..64], second.AsSpan(0, 32), 0);
        Assert.Empty(encoder.Encode([], null, None));
    }

    [Fact]
    public void Encode_SecondProcess_ReadsTheCacheUnlessModelOrLengthChanged()
    {
        using var fixture = new BertFixture();
        var options = BertFixture.Options(fixture.Directory);
        options.CacheFolder = Path.Combine(fixture.Directory, "cache");
        float[][] first;
        using (var encoder = BertTextEncoder.Load(options)) first = BertFixture.Embed(encoder);

        using (var encoder = BertTextEncoder.Load(options))
        {
            var second = BertFixture.Embed(encoder);
            Assert.Equal(0, encoder.Computed);
            for (var i = 0; i < first.Length; i++) AssertClose(first[i], second[i], 0);
        }

        options.MaxTokens = 8;
        Assert.Equal(10, ComputedAnew());
        options.MaxTokens = 32;
        fixture.Change(tensors => tensors["encoder.layer.1.output.dense.bias"].Values[0] += 1);
        Assert.Equal(10, ComputedAnew());
        Assert.Equal(0, ComputedAnew());

        long ComputedAnew()
        {
            using var encoder = BertTextEncoder.Load(options);
            BertFixture.Embed(encoder);
            return encoder.Computed;
        }
    }

    [Fact]
    public void Encode_LongText_IsCutAtTheModelsPositions()
    {
        using var fixture = new BertFixture();
        var options = BertFixture.Options(fixture.Directory);
        options.MaxTokens = 500;
        using var encoder = BertTextEncoder.Load(options);

        Assert.Equal(64, encoder.MaxTokens);
        Assert.Equal(64, encoder.Tokenise(string.Concat(Enumerable.Repeat("star ", 1_000_000))).Length);
        Assert.All(encoder.Encode([new string('x', 100_000), "\ud800"], null, None), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Encode_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var encoder = BertTextEncoder.Load(BertFixture.Options(BertFixture.Original));

        Assert.Throws<OperationCanceledException>(() => encoder.Encode(["a"], null, cancelled.Token));
    }

    [Fact]
    public void Encode_HalfPrecisionOrOlderNames_GivesNearlyTheSame()
    {
        foreach (var type in new[] { "F16", "BF16" })
        {
            using var fixture = new BertFixture();
            HalfPrecision.Rewrite(fixture.Weights, type);
            using var encoder = fixture.Load();
            var rows = BertFixture.Embed(encoder);
            for (var i = 0; i < rows.Length; i++) AssertClose(BertFixture.Cases[i].Embedding, rows[i], type == "F16" ? 2e-3 : 2e-2);
        }

        using var older = new BertFixture();
        older.Change(tensors =>
        {
            foreach (var name in tensors.Keys.ToArray())
            {
                tensors.Remove(name, out var tensor);
                tensors.Add("bert." + name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace(
                    "LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), tensor!);
            }
        });
        using (var encoder = older.Load()) AssertClose(BertFixture.Cases[0].Embedding, BertFixture.Embed(encoder)[0], 1e-4);
    }

    [Fact]
    public void Load_CasedModel_KeepsCaseAndMarks()
    {
        using var fixture = new BertFixture();
        File.WriteAllText(Path.Combine(fixture.Directory, "tokenizer_config.json"), """{"do_lower_case": false}""");
        using var encoder = fixture.Load();

        // The vocabulary has no capital letters: a capital word is unknown (100) to a cased model.
        Assert.Equal([101, 100, 2466, 102], encoder.Tokenise("Toy story"));
    }

    [Theory]
    [InlineData("hidden_size", "30", "not divisible")]
    [InlineData("hidden_size", "\"x\"", "hidden_size")]
    [InlineData("num_hidden_layers", "0", "num_hidden_layers")]
    [InlineData("num_attention_heads", "null", "num_attention_heads is missing")]
    [InlineData("intermediate_size", "1e300", "intermediate_size")]
    [InlineData("hidden_act", "\"swish\"", "hidden_act")]
    [InlineData("position_embedding_type", "\"relative_key\"", "position_embedding_type")]
    [InlineData("model_type", "\"roberta\"", "model_type")]
    [InlineData("is_decoder", "true", "is_decoder")]
    [InlineData("layer_norm_eps", "-1", "layer_norm_eps")]
    [InlineData("vocab_size", "1000", "vocab_size 1000")]
    [InlineData("num_hidden_layers", "3", "lacks the tensor 'encoder.layer.2.")]
    [InlineData("intermediate_size", "65", "[64, 32], expected [65, 32]")]
    [InlineData("max_position_embeddings", "512", "[64, 32], expected [512, 32]")]
    public void Load_ConfigThatDoesNotFit_SaysWhatIsWrong(string field, string json, string message)
    {
        using var fixture = new BertFixture();
        fixture.Configure(field, json);

        Assert.Contains(message, Assert.Throws<RecSysException>(fixture.Load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("vocab.txt")]
    [InlineData("model.safetensors")]
    public void Load_FileMissingEmptyOrGarbage_SaysWhich(string name)
    {
        using var fixture = new BertFixture();
        var path = Path.Combine(fixture.Directory, name);
        Action[] damages =
        [
            () => File.WriteAllBytes(path, [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 31))]), () =>
                File.WriteAllBytes(path, []), () => File.Delete(path),
        ];

        foreach (var damage in damages)
        {
            damage();
            Assert.Contains(name, Assert.Throws<RecSysException>(fixture.Load).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_VocabularyWithoutSpecialToken_SaysSo()
    {
        using var fixture = new BertFixture();
        File.WriteAllText(fixture.Vocabulary, File.ReadAllText(fixture.Vocabulary).Replace("[SEP]", "[ABC]", StringComparison.Ordinal));

        Assert.Contains("not a BERT vocabulary", Assert.Throws<RecSysException>(fixture.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightNotFinite_IsRefused()
    {
        using var fixture = new BertFixture();
        fixture.Change(tensors => tensors["encoder.layer.0.output.dense.weight"].Values[7] = float.NaN);

        Assert.Contains("not finite", Assert.Throws<RecSysException>(fixture.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WeightsThatOverflow_IsRefused()
    {
        using var fixture = new BertFixture();
        fixture.Change(tensors => tensors["encoder.layer.1.output.LayerNorm.weight"].Values.AsSpan().Fill(float.MaxValue));
        using var encoder = fixture.Load();

        Assert.Contains("not finite", Assert.Throws<RecSysException>(() => encoder.Encode(["a"], null, None)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SettingsOutOfRange_SaysWhich()
    {
        Assert.Contains("Text:Directory", Assert.Throws<RecSysException>(() => BertTextEncoder.Load(new TextOptions())).Message,
            StringComparison.Ordinal);
        var options = BertFixture.Options(BertFixture.Original);
        options.Device = "tpu";
        Assert.Contains("Text:Device", Assert.Throws<RecSysException>(() => BertTextEncoder.Load(options)).Message,
            StringComparison.Ordinal);
        options.Device = "cpu";
        options.MaxTokens = 2;
        Assert.Contains("MaxTokens", Assert.Throws<RecSysException>(() => BertTextEncoder.Load(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CudaAskedForWhereThereIsNone_SaysSo()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has a CUDA device.");
        var options = BertFixture.Options(BertFixture.Original);
        options.Device = "cuda";

        Assert.Contains("no CUDA device", Assert.Throws<RecSysException>(() => BertTextEncoder.Load(options)).Message,
            StringComparison.Ordinal);
    }
}
