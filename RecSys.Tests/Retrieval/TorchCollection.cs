namespace RecSys.Tests.Retrieval;

/// <summary>
/// Tests that train with libtorch, whose random numbers and threads belong to the process, run one after another, so that seeds mean
/// something.
/// </summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
