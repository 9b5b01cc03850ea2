using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench filtered-search</c>: the 20 best of what a filter lets pass, at 10 %, 1 % and 0.1 % of the catalogue: filter and search as a
/// request does them, beside the exact answer and beside FAISS's own selector in the same lists, all in one run. One JSON object per
/// share.
/// </summary>
internal static class FilteredSearchBench
{
    private const int Wanted = 500;
    private const int Top = 20;
    private const int Tuning = 200;
    private static readonly double[] Shares = [0.1, 0.01, 0.001];

    internal static Command Create()
    {
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items in catalogue and index", DefaultValueFactory = _ => 1_000_000 }, 5000,
            20_000_000);
        var index = new Option<string>(
            "--index") { Description = "FAISS factory string, an inverted file", DefaultValueFactory = _ => RetrievalOptions.Auto };
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users that search at each share", DefaultValueFactory = _ => 200 }, 10, 10_000);
        var command = new Command("filtered-search", "Filtered search: recall and time, beside FAISS's selector") { items, index, users };
        command.SetAction((parsed, token) =>
        {
            var options = Settings.Retrieval();
            (options.Index, options.Device) = (parsed.GetValue(index)!, "cpu");
            Run(parsed.GetValue(items), options, parsed.GetValue(users), token);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Run(int count, RetrievalOptions options, int users, CancellationToken cancellationToken)
    {
        var rows = new SyntheticItems(count);
        var queries = rows.Users(Tuning, users);
        var built = VectorIndexBuilder.Build(rows, options, rows.Users(0, Tuning), null, cancellationToken);
        if (built.Index is not FaissIndex { Cells: { } cells } index)
            throw new RecSysException($"There is no inverted file to measure: {built.Why}. Name one with --index.");
        using var ofIndex = index;
        var all = new float[(long)count * rows.Dimension];
        rows.Read(0, all);
        using var plain = new MemoryVectors(all, rows.Dimension);
        using var vectors = (ItemVectors?)ListedVectors.TryCreate(index.Native, plain) ?? plain;
        var (world, itemOfRow) = (new FilterWorld(count), Enumerable.Range(0, count).ToArray());
        // Made at the first search otherwise.
        _ = cells.Rows[0];
        foreach (var share in Shares)
        {
            var measured = new FilteredSearchFigures();
            for (var user = -10; user < users; user++)
            {
                var query = queries.AsSpan(Math.Max(0, user) * rows.Dimension, rows.Dimension);
                // Prices lie evenly between 0 and 100; 93 items of a hundred have one and may be served. New constants in each request.
                var text = FormattableString.Invariant($"price >= {user % 7 * 1.01} and price < {user % 7 * 1.01 + share * 100 / 0.931}");
                Search(world, cells, vectors, itemOfRow, index.Native, query, text, user < 0 ? null : measured);
            }
            Console.WriteLine(JsonSerializer.Serialize(measured.Line(count, built, share)));
        }
    }

    private static void Search(
        FilterWorld world, IndexCells cells, ItemVectors vectors, int[] itemOfRow, NativeIndex native, ReadOnlySpan<float> query,
        string text, FilteredSearchFigures? measured)
    {
        var (items, scores, bits) = (new int[Wanted], new float[Wanted], new ulong[(itemOfRow.Length + 63) / 64]);
        var start = Stopwatch.GetTimestamp();
        var filter = ExpressionReader.Filter(text, new ExpressionLimits(), out var fault)?.Bind(world.Scope, out fault)
            ?? throw new RecSysException($"{text}: {fault}");
        var passing = filter.Select(itemOfRow.Length, bits);
        var filtered = Stopwatch.GetElapsedTime(start);
        var plan = SearchAmongPlan.Choose(itemOfRow.Length, cells.Count, cells.Probed, passing, Wanted);
        var found = plan.Cells == 0 ? 0 : AmongSearch.InCells(cells, vectors, itemOfRow, query, bits, plan.Cells, null, items, scores);
        var isExact = found < Math.Min(Wanted, passing);
        if (isExact) found = AmongSearch.Each(vectors, query, bits, items, scores);
        var whole = Stopwatch.GetElapsedTime(start);

        var (truth, truthScores) = (new int[Wanted], new float[Wanted]);
        var (ids, faissScores) = (new long[Wanted], new float[Wanted]);
        start = Stopwatch.GetTimestamp();
        if (native.Api.HasSelectors) native.SearchAmong(query, bits, plan.Cells == 0 ? cells.Probed : plan.Cells, faissScores, ids);
        var faiss = Stopwatch.GetElapsedTime(start);
        var exact = AmongSearch.Each(vectors, query, bits, truth, truthScores);
        var top = Math.Min(Top, exact);
        double Recall(IEnumerable<long> best) => truth.Take(top).Select(item => (long)item).Intersect(best).Count() / (double)top;
        measured?.Add(
            filtered, whole, passing, plan.Cells, isExact, found, Recall(items.Take(Math.Min(Top, found)).Select(item => (long)item)),
            native.Api.HasSelectors ? faiss : null, Recall(ids.Take(Top)), ids.Count(id => id >= 0));
    }
}
