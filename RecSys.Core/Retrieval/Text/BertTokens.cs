using Microsoft.ML.Tokenizers;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>Text to WordPiece ids: [CLS], the words' pieces, [SEP].</summary>
internal sealed class BertTokens
{
    // No word piece needs so many characters; it keeps a text of megabytes from being split to its end.
    private const int CharactersPerToken = 256;

    private readonly BertTokenizer tokenizer;
    private readonly bool uncased;
    private readonly int maxTokens;

    /// <param name="path">One token per line; the line's number is the id.</param>
    /// <param name="config">What the model says about itself.</param>
    /// <param name="maxTokens">Longest result.</param>
    /// <exception cref="RecSysException">The file is missing, lacks a special token or does not fit the model.</exception>
    public BertTokens(string path, BertConfig config, int maxTokens)
    {
        (uncased, this.maxTokens) = (config.Uncased, maxTokens);
        try
        {
            var lines = File.ReadLines(path).Count();
            if (lines != config.Vocabulary)
                throw new RecSysException($"'{path}' has {lines} tokens, but config.json says vocab_size {config.Vocabulary}. Take both "
                    + "files from the same model.");
            tokenizer = BertTokenizer.Create(path, new BertOptions { LowerCaseBeforeTokenization = uncased });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"Cannot read the vocabulary '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RecSysException($"'{path}' is not a BERT vocabulary: {e.Message} Restore it from the model's source.", e);
        }
    }

    /// <summary>At least two and at most the configured number of ids.</summary>
    public int[] Encode(string text)
    {
        var most = maxTokens * CharactersPerToken;
        if (text.Length > most) text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        return [.. tokenizer.EncodeToIds(uncased ? AccentFolding.Apply(text) : text, maxTokens, out _, out _)];
    }
}
