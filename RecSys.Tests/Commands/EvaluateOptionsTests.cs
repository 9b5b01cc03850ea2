using System.CommandLine;
using RecSys.Api.Commands;
using RecSys.Core.Domain;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Commands;

public sealed class EvaluateOptionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--json")]
    [InlineData("--rows")]
    public void Check_FolderInPlaceOfAFile_IsRefusedBeforeTheWork(string option)
    {
        var refusal = Assert.Throws<RecSysException>(() => Check(option, folder.Path));

        Assert.Contains($"{option} {folder.Path} is a folder; name a file in it", refusal.Message, StringComparison.Ordinal);
        Check(option, folder["result"]);
    }

    [Fact]
    public void Check_FolderThatIsMissing_IsRefused() =>
        Assert.Contains("make it first", Assert.Throws<RecSysException>(() => Check("--json", folder["none/result"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Help_OfRows_SaysThatGlobalTimeNeedsOneTarget()
    {
        var output = new StringWriter();
        await new RootCommand { EvaluateCommand.Create() }.Parse(["evaluate", "--help"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        Assert.Contains("global-time needs one --target with it", output.ToString(), StringComparison.Ordinal);
        Assert.Throws<RecSysException>(() => Check("--protocol", "global-time", "--rows", folder["rows"]));
        Check("--protocol", "global-time", "--rows", folder["rows"], "--target", "last");
    }

    private static void Check(params string[] arguments) =>
        EvaluateOptions.Check(new RootCommand { EvaluateCommand.Create() }.Parse(["evaluate", .. arguments]));
}
