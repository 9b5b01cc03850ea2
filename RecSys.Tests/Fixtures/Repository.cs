namespace RecSys.Tests.Fixtures;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "RecSys.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("No folder above the test output holds RecSys.sln.");
    }
}
