using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Shape of a BERT encoder, from the <c>config.json</c> and, where there is one, <c>tokenizer_config.json</c> beside its weights.
/// </summary>
internal sealed record BertConfig
{
    public required int Hidden { get; init; }
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int Intermediate { get; init; }
    public required int Positions { get; init; }
    public required int Vocabulary { get; init; }
    public required int TokenTypes { get; init; }
    public required double NormEpsilon { get; init; }
    public required BertActivation Activation { get; init; }

    /// <summary>Letters are lowered and lose their marks, as "uncased" models expect.</summary>
    public bool Uncased { get; init; } = true;

    /// <exception cref="RecSysException">A file is missing or malformed, or describes a network that is not a supported BERT
    /// encoder.</exception>
    public static BertConfig Read(string directory)
    {
        var config = new Fields(Path.Combine(directory, "config.json"));
        config.Expect("model_type", "bert");
        config.Expect("position_embedding_type", "absolute");
        config.Forbid("is_decoder");
        var hidden = config.Size("hidden_size", 1 << 16);
        var heads = config.Size("num_attention_heads", 1 << 10);
        if (hidden % heads != 0) throw config.Wrong($"hidden_size {hidden} is not divisible by num_attention_heads {heads}");
        var tokenizer = Path.Combine(directory, "tokenizer_config.json");
        return new BertConfig
        {
            Hidden = hidden,
            Layers = config.Size("num_hidden_layers", 1 << 10),
            Heads = heads,
            Intermediate = config.Size("intermediate_size", 1 << 18),
            Positions = config.Size("max_position_embeddings", 1 << 20),
            Vocabulary = config.Size("vocab_size", 1 << 24),
            TokenTypes = config.Size("type_vocab_size", 1 << 10, otherwise: 2),
            NormEpsilon = config.Epsilon("layer_norm_eps", 1e-12),
            Activation = config.Text("hidden_act", "gelu") switch
            {
                "gelu" => BertActivation.Gelu,
                "gelu_new" or "gelu_pytorch_tanh" => BertActivation.GeluTanh,
                "relu" => BertActivation.Relu,
                var other => throw config.Wrong($"hidden_act is '{other}'; supported are gelu, gelu_new, gelu_pytorch_tanh and relu"),
            },
            Uncased = !File.Exists(tokenizer) || new Fields(tokenizer).Flag("do_lower_case", true),
        };
    }

    private sealed class Fields
    {
        private readonly string path;
        private readonly JsonElement root;

        public Fields(string path)
        {
            this.path = path;
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(path));
                root = json.RootElement.Clone();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RecSysException($"Cannot read '{path}': {e.Message} {TextOptions.SectionName}:Directory must name the folder "
                    + "of a BERT model.", e);
            }
            catch (JsonException e)
            {
                throw new RecSysException($"'{path}' is not JSON: {JsonFaults.Describe(e)}. Restore it from the model's source.", e);
            }
            if (root.ValueKind != JsonValueKind.Object) throw Wrong("it is not a JSON object");
        }

        public int Size(string name, int most, int? otherwise = null)
        {
            if (Find(name) is not { } field) return otherwise ?? throw Wrong($"{name} is missing");
            return field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var value) && value >= 1 && value <= most
                ? value
                : throw Wrong($"{name} is {field.GetRawText()}, expected a whole number from 1 to {most}");
        }

        public double Epsilon(string name, double otherwise)
        {
            if (Find(name) is not { } field) return otherwise;
            return field.ValueKind == JsonValueKind.Number && field.TryGetDouble(out var value) && value is > 0 and < 1
                ? value
                : throw Wrong($"{name} is {field.GetRawText()}, expected a number between 0 and 1");
        }

        public string Text(string name, string otherwise)
        {
            if (Find(name) is not { } field) return otherwise;
            return field.ValueKind == JsonValueKind.String ? field.GetString()!
                : throw Wrong($"{name} is {field.GetRawText()}, expected text");
        }

        public bool Flag(string name, bool otherwise) => Find(name) is not { } field ? otherwise : field.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong($"{name} is {field.GetRawText()}, expected true or false"),
        };

        public void Expect(string name, string value)
        {
            if (Text(name, value) is var found && found != value) throw Wrong($"{name} is '{found}', only '{value}' is supported");
        }

        public void Forbid(string name)
        {
            if (Flag(name, false)) throw Wrong($"{name} is true, only encoders are supported");
        }

        public RecSysException Wrong(string reason) => new($"'{path}': {reason}. Use the folder of a BERT encoder.");

        private JsonElement? Find(string name) =>
            root.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
    }
}
