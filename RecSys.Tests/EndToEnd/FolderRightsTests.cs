using System.Runtime.Versioning;
using RecSys.Api.Hosting;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.EndToEnd;

/// <summary>
/// The program on a models folder that it may not read or write: one message that says what to do, exit code 1, no stack trace.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderRightsTests : IDisposable
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
    private const UnixFileMode All = ReadOnly | UnixFileMode.UserWrite;

    private readonly TemporaryFolder folder = new();
    private readonly string models;

    public FolderRightsTests() => models = new ServerSettings(folder.Path).ModelsFolder;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promote_ReadOnlyModelsFolder_NeedsNoFileThere()
    {
        await TestBundles.PublishAsync(models, "v1.0.0");
        File.SetUnixFileMode(models, ReadOnly);

        Assert.Equal((0, "v1.0.0 is champion.\n", ""), await RunAsync("models", "promote", "v1.0.0", "--data", folder.Path));
    }

    [Fact]
    public async Task Promote_ReadOnlyStore_SaysWhatToDo()
    {
        await TestBundles.PublishAsync(models, "v1.0.0");
        Assert.Equal(0, (await RunAsync("models", "list", "--data", folder.Path)).Code);
        File.SetUnixFileMode(folder["recsys.db"], UnixFileMode.UserRead);

        var (code, output, error) = await RunAsync("models", "promote", "v1.0.0", "--data", folder.Path);

        Assert.Equal((1, ""), (code, output));
        Assert.Matches("^error: .*recsys.db cannot be .*Check the permissions.*\n$", error);
    }

    [Fact]
    public async Task List_UnreadableOldPointer_SaysWhatToDo()
    {
        await TestBundles.PublishAsync(models, "v1.0.0");
        File.SetUnixFileMode(folder.Write("models/champion.json", "{}"), UnixFileMode.None);

        var (code, _, error) = await RunAsync("models", "list", "--data", folder.Path);

        Assert.Equal(1, code);
        Assert.Matches("^error: .*champion.json cannot be read: .*denied.*\n$", error);
    }

    [Fact]
    public async Task List_VersionsOfSomebodyElse_AreTornAndTheOthersListed()
    {
        await TestBundles.PublishAsync(models, "v1.0.0");
        await TestBundles.PublishAsync(models, "v1.0.1");
        File.SetUnixFileMode(Path.Combine(models, "v1.0.1", "manifest.json"), UnixFileMode.None);
        Directory.CreateDirectory(Path.Combine(models, "v1.0.2"));
        File.SetUnixFileMode(Path.Combine(models, "v1.0.2"), UnixFileMode.None);
        Directory.CreateDirectory(Path.Combine(models, ".tmp-v1.0.3-0123456789ab"));
        File.SetUnixFileMode(Path.Combine(models, ".tmp-v1.0.3-0123456789ab"), UnixFileMode.None);

        var (code, output, error) = await RunAsync("models", "list", "--data", folder.Path);

        Assert.Equal((0, ""), (code, error));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Matches("v1.0.2 +unregistered .*torn", lines[0]);
        Assert.Matches("v1.0.1 +unregistered .*torn +.*cannot be read: .*denied", lines[1]);
        Assert.Matches("v1.0.0 +unregistered .*valid", lines[2]);
        File.SetUnixFileMode(Path.Combine(models, "v1.0.2"), All);
        File.SetUnixFileMode(Path.Combine(models, ".tmp-v1.0.3-0123456789ab"), All);
    }

    [Fact]
    public async Task List_UnreadableModelsFolder_SaysWhatToDo()
    {
        await TestBundles.PublishAsync(models, "v1.0.0");
        File.SetUnixFileMode(models, UnixFileMode.UserExecute);

        var (code, _, error) = await RunAsync("models", "list", "--data", folder.Path);

        Assert.Equal(1, code);
        Assert.Matches("^error: .*models cannot be read: .*denied.*\n$", error);
    }

    public void Dispose()
    {
        if (Directory.Exists(models)) File.SetUnixFileMode(models, All);
        folder.Dispose();
    }

    // An administrator may read and write everything, unless it gives up the capability to.
    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string[] program = ["dotnet", typeof(ServerSettings).Assembly.Location, .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            const string rights = "-dac_override,-dac_read_search";
            program = ["setpriv", $"--bounding-set={rights}", $"--inh-caps={rights}", .. program];
        }
        return ProcessRig.RunProcessAsync(program[0], program[1..]);
    }
}
