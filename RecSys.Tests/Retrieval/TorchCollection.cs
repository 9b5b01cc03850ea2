namespace RecSys.Tests.Retrieval;

/// <summary>Tests that use libtorch's process-wide random numbers run one after another, so that seeds mean something.</summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
