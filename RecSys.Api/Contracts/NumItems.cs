using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Contracts;

/// <summary>The parameter <c>num_items</c>, the same on every route that has it.</summary>
internal static class NumItems
{
    public const string Name = "num_items";
    public const int Default = 20;
    public const int Max = 100;

    /// <summary>The number asked for; a faulty one is reported to <paramref name="query"/>.</summary>
    public static int Read(QueryParameters query) => query.WholeNumber(Name, 1, Max, Default);
}
