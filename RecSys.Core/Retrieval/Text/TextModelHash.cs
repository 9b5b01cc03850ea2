using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>Identity of a text model, without loading it.</summary>
public static class TextModelHash
{
    // A change of the arithmetic or of the tokens must not find embeddings of the old way.
    private const string Version = "1";

    /// <summary>sha256 in hexadecimal of the model's files and of everything else that embeddings depend on besides the text.</summary>
    /// <param name="options">With a directory.</param>
    /// <exception cref="RecSysException">The directory holds no supported model.</exception>
    public static string Of(TextOptions options) =>
        Of(options.Directory!, Math.Min(options.MaxTokens, BertConfig.Read(options.Directory!).Positions));

    internal static string Of(string directory, int maxTokens)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version} {maxTokens}")));
        foreach (var name in new[] { "config.json", "tokenizer_config.json", "vocab.txt", "model.safetensors" })
        {
            var path = Path.Combine(directory, name);
            if (!File.Exists(path)) continue;
            using var file = File.OpenRead(path);
            digest.AppendData(SHA256.HashData(file));
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
