using System.CommandLine;
using RecSys.Core.Storage.Backup;

namespace RecSys.Api.Commands;

/// <summary><c>restore backup</c>: puts a backup in the place of a data folder that no server uses.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var backup = new Argument<string>("backup") { Description = "Folder that backup has made; it is only read." };
        var command = new Command("restore", "Put a backup in the place of a data folder; what was there is kept beside it") { backup,
            CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var data = arguments.GetValue(CommonOptions.Data)!;
            var kept = await new DataFolderBackup(TimeProvider.System)
                .RestoreAsync(arguments.GetRequiredValue(backup), data, cancellationToken);
            var output = arguments.InvocationConfiguration.Output;
            await output.WriteLineAsync(
                $"Restored {arguments.GetRequiredValue(backup)} to {data}. The next start folds the whole log once.");
            if (kept is not null)
                await output.WriteLineAsync($"What was there before is kept in {kept}; delete it when it is not needed any more.");
        });
        return command;
    }
}
