using System.Reflection;
using RecSys.Api.Commands;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

public sealed class FolderFaultTests
{
    [Theory]
    [InlineData("RecSys.NoSuchPart")]
    [InlineData("RecSys.NoSuchPart, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null")]
    public void Faults_OfAMissingPartOfTheProgram_SayToInstallItAndNotToLookAtTheDisk(string assembly)
    {
        // As the runtime says it where a method is first called whose assembly is gone.
        var cause = Assert.Throws<FileNotFoundException>(() => Assembly.Load(assembly));

        string[] told =
        [
            FolderFault.Writing("/data/nights", "The night was not written", cause).Message,
            FolderFault.Reading("/data/nights", cause).Message,
            Failures.Explain(cause)!,
        ];

        Assert.StartsWith("The night was not written: A part of this program cannot be loaded: RecSys.NoSuchPart.", told[0],
            StringComparison.Ordinal);
        Assert.All(told, text =>
        {
            Assert.Contains("Install the program again", text, StringComparison.Ordinal);
            Assert.DoesNotContain("disk", text, StringComparison.Ordinal);
            Assert.DoesNotContain("account", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Faults_OfADamagedPartOfTheProgram_SayToInstallItToo()
    {
        var text = FolderFault.Writing("/data", "Nothing was written", new FileLoadException("Could not load", "RecSys.Part")).Message;

        Assert.Contains("A part of this program cannot be loaded: RecSys.Part.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_OfAFileThatIsGone_AreStillOfDiskAndRights()
    {
        using var folder = new TemporaryFolder();
        var cause = Assert.Throws<FileNotFoundException>(() => File.OpenRead(folder["v1, Version 2.dll"]));

        Assert.Contains("room on the disk", FolderFault.Writing(folder.Path, "Nothing was written", cause).Message,
            StringComparison.Ordinal);
        Assert.Contains("right to read it", FolderFault.Reading(folder.Path, cause).Message, StringComparison.Ordinal);
    }
}
