using RecSys.Api.Commands.Bench;

namespace RecSys.Tests.Import;

/// <summary>
/// Files of any shape and with any damage, for each reader: no crash, every line is read or refused, events and records reported are those
/// stored, and, where a row is one record, rows in are rows stored plus rows rejected.
/// <c>recsys bench import-fuzz</c> does the same for as long as one likes.
/// </summary>
public sealed class ReaderFuzzTests
{
    public static TheoryData<string> Readers => [.. ImportFuzzer.Readers];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Import_AnyFile_LosesNothing(string reader)
    {
        // A fixed number of files, so that every run tests the same; they take well under five seconds.
        await using var fuzzer = await ImportFuzzer.StartAsync(reader, seed: 17, TestContext.Current.CancellationToken);

        await fuzzer.RunAsync(most: 60, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Empty(fuzzer.Faults);
        Assert.Equal(60, fuzzer.Files);
        // Neither all refused nor all taken, so that both ways are tried.
        Assert.InRange(fuzzer.Imported, 5, 59);
    }
}
