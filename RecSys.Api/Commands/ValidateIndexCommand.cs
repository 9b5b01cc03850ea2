using System.CommandLine;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>validate-index file dimension count</c>: reads an index file in a process of its own, on behalf of the server. Hidden; ends with 1
/// and a reason, or dies of the file.
/// </summary>
internal static class ValidateIndexCommand
{
    // For the runtime and FAISS themselves, and for the parts of a sound file that are read more than once.
    private const long Besides = 2L << 30;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The index file" };
        var dimension = new Argument<int>("dimension") { Description = "Floats per vector" };
        var count = new Argument<long>("count") { Description = "Vectors in the index" };
        var library = new Option<string?>("--library") { Description = "Another build of libfaiss_c.so" };
        var command = new Command("validate-index", "Reads an index file and says whether it is sound") { file, dimension, count, library };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            // A damaged length may ask for any amount of memory.
            if (OperatingSystem.IsLinux())
                ChildLimits.Keep((new FileInfo(path) is { Exists: true } index ? index.Length : 0) * 2 + Besides);
            IndexInspection.Inspect(path, parsed.GetValue(dimension), parsed.GetValue(count), parsed.GetValue(library));
            return 0;
        });
        return command;
    }
}
