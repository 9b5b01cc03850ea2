using System.CommandLine;
using System.Globalization;
using RecSys.Core.Storage.Backup;

namespace RecSys.Api.Commands;

/// <summary><c>backup folder</c>: copies a data folder, also one that a server uses.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "Folder of the backup; must not exist yet." };
        var command = new Command("backup", "Copy databases and models of a data folder while it is in use") { target, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            BackupManifest manifest;
            using (var progress = new ProgressDisplay())
            {
                manifest = await new DataFolderBackup(TimeProvider.System).CreateAsync(
                    arguments.GetValue(CommonOptions.Data)!, arguments.GetRequiredValue(target), progress, cancellationToken);
            }
            await arguments.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Backed up the log up to position {manifest.Position:#,0} and {manifest.Files.Count} files, "
                    + $"{manifest.Files.Sum(file => file.Size) >> 20:#,0} MB, to {arguments.GetRequiredValue(target)}"));
        });
        return command;
    }
}
