using System.Reflection;
using System.Runtime.InteropServices;

namespace RecSys.Tests.Architecture;

public sealed class LibraryBoundaryTests
{
    private static readonly string[] Sql = ["Dapper", "Microsoft.Data.Sqlite", "Npgsql", "DbUp", "DuckDB"];

    public static TheoryData<string[], string[]> Boundaries => new()
    {
        { ["TorchSharp"], ["Retrieval.TwoTower", "Retrieval.Text"] },
        { Sql, ["Storage"] },
        { ["StackExchange.Redis"], ["Caching", "Events"] },
    };

    [Theory]
    [MemberData(nameof(Boundaries), DisableDiscoveryEnumeration = true)]
    public void Library_IsUsedOnlyInItsCapabilities(string[] library, string[] capabilities)
    {
        Assert.Empty(Capabilities.UsersOutside(Capabilities.Core, capabilities, library));
        Assert.Empty(Capabilities.UsersOutside(Capabilities.Api, capabilities, library));
    }

    [Fact]
    public void Search_ForLibrariesThatAreUsed_FindsThem()
    {
        Assert.NotEmpty(Capabilities.Users("Retrieval.TwoTower", "TorchSharp"));
        if (Capabilities.Existing.Contains("Storage")) Assert.NotEmpty(Capabilities.Users("Storage", Sql));
    }

    [Theory]
    [InlineData("lightgbm", "RecSys.Core.Ranking", true)]
    [InlineData("faiss", "RecSys.Core.Retrieval.VectorSearch", false)]
    [InlineData("torch", "RecSys.Core.Retrieval.TwoTower", false)]
    public void NativeLibrary_IsImportedOnlyInItsCapability(string library, string home, bool expected)
    {
        var imports = NativeImports(Capabilities.Core).Concat(NativeImports(Capabilities.Api))
            .Where(import => import.Library.Contains(library, StringComparison.OrdinalIgnoreCase)).ToList();

        Assert.All(imports, import => Assert.StartsWith(home, import.Type.Namespace, StringComparison.Ordinal));
        if (expected) Assert.NotEmpty(imports);
    }

    private static IEnumerable<(Type Type, string Library)> NativeImports(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let import = method.GetCustomAttribute<DllImportAttribute>()
        where import is not null
        select (type, import.Value);
}
