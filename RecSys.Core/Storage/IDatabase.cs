namespace RecSys.Core.Storage;

/// <summary>The stores over one data folder, whatever keeps them. Disposal closes every connection.</summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Full path of the folder.</summary>
    string DataFolder { get; }

    IUserStore Users { get; }
    IItemStore Items { get; }
    IEventStore Events { get; }
    IServedListStore ServedLists { get; }
    IServedFeatureStore ServedFeatures { get; }
    IInteractionLogReader Log { get; }
    IBulkLoader Bulk { get; }
}
