using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Import;

/// <summary>
/// Counts the rows of an import, writes the malformed ones to <c>&lt;data&gt;/imports/&lt;name&gt;-rejects.tsv</c> and stops an
/// import whose files have too many of them.
/// </summary>
internal sealed class ImportLedger : IDisposable
{
    // A damaged file of any size leaves a rejects file that can still be opened.
    private const int MaxRejectsWritten = 10_000;
    private const int MaxRowLength = 200;
    private const int EnoughToJudge = 10_000;

    private const int MostReasons = 3;

    private readonly double maxRejects;
    private readonly RejectTally reasons = new();
    private readonly string rejectsFile;
    private StreamWriter? writer;
    private string path = "";
    private string firstReject = "";
    private int written;
    private long fileRead;
    private long fileRejected;
    private long fileAnonymous;

    internal ImportLedger(string name, ImportOptions options)
    {
        if (options.MaxRejects is not (>= 0 and <= 1))
            throw new RecSysException("The share of malformed rows allowed must be between 0 and 100 %.");
        maxRejects = options.MaxRejects;
        // What a rehearsal finds takes nothing of what an import has left.
        rejectsFile = Path.Combine(options.DataFolder, "imports", $"{name}{(options.DryRun ? "-dry-run" : "")}-rejects.tsv");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(rejectsFile)!);
            // Rows of an earlier attempt would be taken for rows of this one.
            File.Delete(rejectsFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{rejectsFile} cannot be written: {failure.Message}", failure);
        }
    }

    internal long Read { get; private set; }
    internal long Rejected { get; private set; }
    internal long Anonymous { get; private set; }

    /// <summary>Lines of sound rows beyond the first of each.</summary>
    internal long Continued { get; private set; }

    /// <summary>What would help against some of the malformed rows, for the message that refuses them; null for nothing.</summary>
    internal Func<string?>? Advice { get; set; }

    /// <summary>The most frequent reasons, at most three.</summary>
    internal IReadOnlyList<RejectReason> Reasons => reasons.Top(MostReasons);

    internal string? RejectsPath => Rejected > 0 ? rejectsFile : null;

    internal void StartFile(string file)
    {
        path = file;
        (fileRead, fileRejected, fileAnonymous) = (0, 0, 0);
    }

    /// <summary>Counts a sound row.</summary>
    /// <param name="lines">Lines that it covers.</param>
    internal void Keep(long lines = 1)
    {
        Read++;
        fileRead++;
        Continued += lines - 1;
    }

    /// <summary>Counts a row that is sound but names no user.</summary>
    internal void SkipAnonymous(long lines = 1)
    {
        Keep(lines);
        Anonymous++;
        fileAnonymous++;
    }

    /// <summary>Counts a malformed row.</summary>
    /// <param name="line">On which it begins.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="row">As it stands in the file.</param>
    /// <param name="lines">Lines that it covers: each of them may have been meant as a row, so each counts.</param>
    internal void Reject(long line, string reason, string row, long lines = 1)
    {
        Read += lines;
        Rejected += lines;
        fileRead += lines;
        var shown = lines == 1 ? reason : string.Create(CultureInfo.InvariantCulture, $"{reason} (the row covers {lines} lines)");
        if (fileRejected == 0) firstReject = string.Create(CultureInfo.InvariantCulture, $"line {line}: {shown}");
        fileRejected += lines;
        reasons.Add(reason, lines, Path.GetFileName(path), line);
        Write(line, shown, row);
        if (fileRead >= EnoughToJudge && fileRejected > fileRead / 2) StopWhenTooMany();
    }

    /// <summary>Call behind the last row of a file.</summary>
    /// <exception cref="RecSysException">The file had no rows, or too many malformed ones.</exception>
    internal void FinishFile()
    {
        OrExplained(() => writer?.Flush());
        if (fileRead == 0) throw new RecSysException($"{path} has no rows; nothing was imported.");
        StopWhenTooMany();
        if (fileAnonymous > 0 && fileAnonymous + fileRejected == fileRead)
            throw new RecSysException(
                $"No row of {path} names a user; nothing was imported. Name the column that does with --column user_id=…, or let another "
                    + $"stand in for the user with --anonymous session:…");
    }

    public void Dispose()
    {
        try
        {
            writer?.Dispose();
        }
        catch (IOException)
        {
            // Behind the last row of each file it was flushed or said that it cannot be.
        }
    }

    private void OrExplained(Action write)
    {
        try
        {
            write();
        }
        catch (IOException failure)
        {
            throw new RecSysException($"{rejectsFile} cannot be written: {failure.Message} Nothing was imported. Free some space and "
                + "start the import again.", failure);
        }
    }

    private void StopWhenTooMany()
    {
        if (fileRejected <= maxRejects * fileRead) return;
        OrExplained(() => writer?.Flush());
        var share = 100.0 * fileRejected / fileRead;
        var advice = Advice?.Invoke() is { } said ? $"Note: {said}. " : "";
        throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
            $"{fileRejected} of {fileRead} rows of {path} are malformed ({share:0.##} %), more than the {100 * maxRejects:0.##} % allowed; "
                + $"nothing was imported. The first is {firstReject}. {Frequent()}{advice}"
                + $"See {rejectsFile}. Repair the file or allow more with --max-rejects."));
    }

    private string Frequent()
    {
        if (Reasons is not { Count: > 1 } some) return "";
        var counted = some.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Rows:#,0} × {each.Reason}"));
        return $"Most are: {string.Join("; ", counted)}. ";
    }

    private void Write(long line, string reason, string row)
    {
        if (written >= MaxRejectsWritten) return;
        var shown = row.Length > MaxRowLength ? row[..MaxRowLength] + "…" : row;
        OrExplained(() => WriteShown(line, reason, shown));
    }

    private void WriteShown(long line, string reason, string shown)
    {
        if (writer is null)
        {
            writer = new StreamWriter(rejectsFile);
            writer.WriteLine("file\tline\treason\trow");
        }
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}\t{line}\t{reason}\t{Visible(shown)}"));
        if (++written == MaxRejectsWritten) writer.WriteLine("# further rows are counted only");
    }

    private static string Visible(string row) => string.Concat(row.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}"
        : c.ToString()));
}
