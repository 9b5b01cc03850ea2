namespace RecSys.Tests.Storage;

/// <summary>Opens the backend before each test and drops it afterwards.</summary>
public abstract class StoreContract(Func<ValueTask<IStoreBackend>> open) : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected IStoreBackend Store { get; private set; } = null!;

    /// <summary>Another fresh store, for each round of a property; the caller disposes of it.</summary>
    protected ValueTask<IStoreBackend> FreshAsync() => open();

    public async ValueTask InitializeAsync() => Store = await open();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
