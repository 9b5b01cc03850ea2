using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

/// <summary>A fresh, empty database for one test. The contract suites run against every backend.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    IUserStore Users { get; }
    IItemStore Items { get; }
    IEventStore Events { get; }
    IServedListStore ServedLists { get; }
    IServedFeatureStore ServedFeatures { get; }
    IInteractionLogReader Log { get; }
    IBulkLoader Bulk { get; }
}
