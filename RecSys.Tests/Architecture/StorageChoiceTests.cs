using NetArchTest.Rules;

namespace RecSys.Tests.Architecture;

/// <summary>Which database keeps a folder is decided once, in <see cref="RecSys.Core.Storage.Databases"/>.</summary>
public sealed class StorageChoiceTests
{
    [Fact]
    public void Program_NamesNoConcreteDatabase()
    {
        Assert.Empty(Types.InAssembly(Capabilities.Api).ShouldNot().HaveDependencyOnAny("RecSys.Core.Storage.Sqlite")
            .GetResult().FailingTypeNames ?? []);

        // The search finds what it looks for where it is.
        Assert.NotEmpty(Types.InAssembly(Capabilities.Core).ShouldNot().HaveDependencyOnAny("RecSys.Core.Storage.Sqlite")
            .GetResult().FailingTypeNames ?? []);
    }
}
