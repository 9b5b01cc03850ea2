using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace RecSys.Tests.Fixtures;

/// <summary>
/// The two collections that take longest begin, so that no processor waits for them at the end; the others as chance has it.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] first = [TorchCollection.Name, ServedCollection.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections)
            .OrderBy(collection => first.Contains(collection.TestCollectionDisplayName) ? 0 : 1)];
}
