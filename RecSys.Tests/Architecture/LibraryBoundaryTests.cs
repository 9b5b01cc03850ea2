using System.Reflection;
using System.Runtime.InteropServices;

namespace RecSys.Tests.Architecture;

public sealed partial class LibraryBoundaryTests
{
    private static readonly string[] Sql = ["Dapper", "Microsoft.Data.Sqlite", "Npgsql", "DbUp", "DuckDB"];

    public static TheoryData<string[], string[]> Boundaries => new()
    {
        { ["TorchSharp"], ["Retrieval.TwoTower", "Retrieval.Text"] },
        { Sql, ["Storage"] },
        { ["Parlot"], ["Expressions"] },
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
        Assert.NotEmpty(Capabilities.Users("Storage", Sql));
        Assert.NotEmpty(Capabilities.Users("Expressions", "Parlot"));
    }

    [Theory]
    [InlineData("lightgbm", "RecSys.Core.Ranking")]
    [InlineData("faiss", "RecSys.Core.Retrieval.VectorSearch")]
    [InlineData("torch", "RecSys.Core.Retrieval.TwoTower")]
    public void NativeLibrary_IsImportedOnlyInItsCapability(string library, string home)
    {
        Assert.Empty(Strays(Capabilities.Core.GetTypes().Concat(Capabilities.Api.GetTypes()), library, home));
        // The same search finds what is planted below.
        Assert.Equal([typeof(Planted)], Strays([typeof(Planted)], library, home));
    }

    // FAISS is loaded by name and called by pointers, without imports.
    [Fact]
    public void NativePointers_AreHeldOnlyForFaiss()
    {
        const string Home = "RecSys.Core.Retrieval.VectorSearch";
        var holders = Capabilities.Core.GetTypes().Concat(Capabilities.Api.GetTypes()).Where(HoldsPointers).ToList();

        Assert.NotEmpty(holders);
        Assert.Empty(Outside(holders, Home));
        Assert.Equal([typeof(Planted)], Outside(new[] { typeof(Planted) }.Where(HoldsPointers), Home));
    }

    private static bool HoldsPointers(Type type) => type
        .GetFields(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Any(field => field.FieldType.IsUnmanagedFunctionPointer);

    private static IEnumerable<Type> Strays(IEnumerable<Type> types, string library, string home) => Outside(
        types.Where(type => NativeImports(type).Any(import => import.Contains(library, StringComparison.OrdinalIgnoreCase))), home);

    private static IEnumerable<Type> Outside(IEnumerable<Type> types, string home) =>
        types.Where(type => type.Namespace != home && type.Namespace?.StartsWith(home + ".", StringComparison.Ordinal) != true);

    private static IEnumerable<string> NativeImports(Type type) => type
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Select(method => method.GetCustomAttribute<DllImportAttribute>()?.Value).OfType<string>();

    // Never called: what the searches above must find.
    private static unsafe partial class Planted
    {
#pragma warning disable CS0169, CS0649, IDE0044, IDE0051, CA1823, S1144
        private static delegate* unmanaged<void> pointer;
#pragma warning restore CS0169, CS0649, IDE0044, IDE0051, CA1823, S1144

        [LibraryImport("libtorch_cpu")]
        internal static partial void Torch();

        [LibraryImport("libfaiss_c")]
        internal static partial void Faiss();

        [LibraryImport("lib_lightgbm")]
        internal static partial void LightGbm();
    }
}
