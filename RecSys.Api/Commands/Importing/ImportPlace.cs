using RecSys.Core.Import;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Importing;

/// <summary>The folder whose database an import works on: its data folder, or for a rehearsal without one an empty folder that goes
/// away.</summary>
internal sealed class ImportPlace : IDisposable
{
    private readonly bool isTemporary;

    private ImportPlace(string folder, bool isTemporary) => (Folder, this.isTemporary) = (folder, isTemporary);

    internal string Folder { get; }

    internal static ImportPlace Of(ImportOptions options) => options.DryRun && !Databases.Exist(options.DataFolder)
        ? new ImportPlace(Directory.CreateTempSubdirectory("recsys-rehearsal-").FullName, isTemporary: true)
        : new ImportPlace(options.DataFolder, isTemporary: false);

    public void Dispose()
    {
        if (isTemporary) Directory.Delete(Folder, recursive: true);
    }
}
