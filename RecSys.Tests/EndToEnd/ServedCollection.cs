namespace RecSys.Tests.EndToEnd;

/// <summary>
/// Tests that ask the served world of <see cref="ServerFixture"/> or run servers of their own, one after another: what they count, promote
/// and break is the whole server's. None of them trains in this process, so they run beside those that do.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ServedCollection
{
    public const string Name = "served";
}
