namespace RecSys.Core.Storage;

/// <summary>Events that name something that is not stored.</summary>
/// <param name="Events">How many.</param>
/// <param name="Examples">Up to three of the ids.</param>
/// <param name="Cause">The likely cause and what to do, as a sentence.</param>
public sealed record UnknownIds(long Events, IReadOnlyList<string> Examples, string Cause)
{
    /// <summary>The examples for a message, each in quotes.</summary>
    public string Quoted() => string.Join(", ", Examples.Select(id => $"'{id}'"));
}
