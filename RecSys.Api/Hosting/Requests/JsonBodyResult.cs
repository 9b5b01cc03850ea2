using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RecSys.Api.Hosting.Requests;

/// <summary>What became of a body.</summary>
/// <param name="Document">What was read; null when the request is to be answered with <paramref name="Problem"/>.</param>
/// <param name="Problem">The answer to a body that could not be read.</param>
internal readonly record struct JsonBodyResult(JsonDocument? Document, IResult? Problem)
{
    public JsonBodyResult(JsonDocument document) : this(document, null)
    {
    }

    public JsonBodyResult(IResult problem) : this(null, problem)
    {
    }

    /// <summary>True with a document, false with a problem.</summary>
    public bool Succeeded([NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out IResult? problem)
    {
        (document, problem) = (Document, Problem);
        return document is not null;
    }
}
