namespace RecSys.Tests.OpenApi;

/// <summary>A difference between two OpenAPI documents.</summary>
/// <param name="Breaks">True when what a caller of the old one sends or expects may no longer do.</param>
/// <param name="What">Where it is, and what changed.</param>
internal sealed record DocumentChange(bool Breaks, string What)
{
    public override string ToString() => $"{(Breaks ? "breaks" : "adds")} {What}";
}
