using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class BundleNameTests
{
    [Theory]
    [InlineData("v1.0.0", true)]
    [InlineData("0_a-b.c", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(".hidden", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("Upper", false)]
    [InlineData("line\n", false)]
    [InlineData("nul\0", false)]
    public void IsValid_Name_FollowsTheRule(string? name, bool valid) => Assert.Equal(valid, BundleName.IsValid(name));

    [Fact]
    public void IsValid_Length_EndsAt64()
    {
        Assert.True(BundleName.IsValid(new string('a', 64)));
        Assert.False(BundleName.IsValid(new string('a', 65)));
    }

    [Fact]
    public void Resolve_LinkOrBadName_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["link"], "/etc/passwd");
        File.CreateSymbolicLink(folder["dangling"], folder["nowhere"]);

        Assert.Contains("symbolic link", Assert.Throws<RecSysException>(() => BundleName.Resolve(folder.Path, "link")).Message,
            StringComparison.Ordinal);
        Assert.Throws<RecSysException>(() => BundleName.Resolve(folder.Path, "dangling"));
        Assert.Throws<RecSysException>(() => BundleName.Resolve(folder.Path, "../x"));
        Assert.Equal(folder["plain"], BundleName.Resolve(folder.Path + "/", "plain"));
    }
}
