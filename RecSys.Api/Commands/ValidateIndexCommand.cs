using System.CommandLine;
using System.Runtime.InteropServices;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>validate-index file dimension count</c>: reads an index file in a process of its own, on behalf of the server. Hidden; ends with 1 and a
/// reason, or dies of the file.
/// </summary>
internal static partial class ValidateIndexCommand
{
    private const int Data = 2;
    private const int Core = 4;

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
            if (OperatingSystem.IsLinux()) KeepDamageSmall(path);
            IndexInspection.Inspect(path, parsed.GetValue(dimension), parsed.GetValue(count), parsed.GetValue(library));
            return 0;
        });
        return command;
    }

    // A damaged length may ask for any amount of memory: this process, not the server, shall be refused it or killed for it.
    private static void KeepDamageSmall(string path)
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        var size = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
        _ = SetLimit(Data, new Limit(size * 2 + Besides, size * 2 + Besides));
        _ = SetLimit(Core, new Limit(0, 0));
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(long Soft, long Hard);
}
