using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench filter</c>: filters over the whole catalogue with new constants in each request, so many a second: what reading and what
/// evaluating takes, and how many pass. One JSON object per filter, then one for the whole and one for damaged texts.
/// </summary>
internal static class FilterBench
{
    private static readonly string[] Filters =
    [
        "price < {0}",
        "category in [\"category {0}\", \"category 1\"]",
        "price_between({0}, 90) and not tags has \"tag {0}\"",
        "newer_than({0}) and category != \"category {0}\"",
        "attributes.weight * 2 + {0} > price or creator = \"creator {0}\"",
        "(price < {0} or popularity > 0.9) and available and has_any(tags, [\"tag {0}\", \"tag 3\"])",
    ];

    internal static Command Create()
    {
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items in the catalogue", DefaultValueFactory = _ => 1_000_000 }, 1000, 20_000_000);
        var seconds = CommonOptions.InRange(
            new Option<int>("--seconds") { Description = "Seconds of requests", DefaultValueFactory = _ => 12 }, 1, 3600);
        var rate = CommonOptions.InRange(
            new Option<int>("--rate") { Description = "Requests a second", DefaultValueFactory = _ => 50 }, 1, 10_000);
        var fuzz = CommonOptions.InRange(
            new Option<int>("--fuzz") { Description = "Seconds of damaged texts", DefaultValueFactory = _ => 60 }, 0, 3600);
        var command = new Command("filter", "Filters over the whole catalogue, and the reader of expressions against damaged texts")
            { items, seconds, rate, fuzz };
        command.SetAction(async (parsed, token) =>
        {
            var world = new FilterWorld(parsed.GetValue(items));
            await MeasureAsync(world, parsed.GetValue(seconds), parsed.GetValue(rate), token);
            return Fuzz(world, parsed.GetValue(fuzz), token);
        });
        return command;
    }

    private static async Task MeasureAsync(FilterWorld world, int seconds, int rate, CancellationToken cancellationToken)
    {
        var cache = new ExpressionCache(new ExpressionLimits());
        var bits = new ulong[(world.Catalog.Count + 63) / 64];
        var measured = Filters.Select(_ => new List<(double ReadUs, double NsPerItem, double Share)>()).ToArray();
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < seconds * rate; n++)
        {
            var due = TimeSpan.FromSeconds(n / (double)rate) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due, cancellationToken);
            var text = string.Format(CultureInfo.InvariantCulture, Filters[n % Filters.Length], 10 + n % 50 + n / 1000.0);
            var began = Stopwatch.GetTimestamp();
            var filter = cache.Filter(text, out var fault)?.Bind(world.Scope, out fault)
                ?? throw new RecSysException($"{text}: {fault}");
            var read = Stopwatch.GetElapsedTime(began);
            began = Stopwatch.GetTimestamp();
            var passing = filter.Select(world.Catalog.Count, bits);
            var time = Stopwatch.GetElapsedTime(began);
            measured[n % Filters.Length].Add((read.TotalMicroseconds, time.TotalNanoseconds / world.Catalog.Count,
                passing / (double)world.Catalog.Count));
        }
        for (var i = 0; i < Filters.Length; i++) Print(Filters[i], measured[i]);
        Print("all", [.. measured.SelectMany(each => each)]);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "filter/columns", items = world.Catalog.Count, build_s = Math.Round(world.BuildSeconds, 2),
            bytes_per_item = Math.Round(world.Bytes / (double)world.Catalog.Count, 1),
        }));
    }

    private static void Print(string filter, List<(double ReadUs, double NsPerItem, double Share)> measured) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "filter",
            filter,
            requests = measured.Count,
            passing = Percentiles.Of(measured.Select(each => each.Share), 0.5, 5),
            read_us_p50 = Percentiles.Of(measured.Select(each => each.ReadUs), 0.5, 1),
            read_us_p99 = Percentiles.Of(measured.Select(each => each.ReadUs), 0.99, 1),
            ns_per_item_p50 = Percentiles.Of(measured.Select(each => each.NsPerItem), 0.5, 3),
            ns_per_item_p99 = Percentiles.Of(measured.Select(each => each.NsPerItem), 0.99, 3),
        }));

    private static int Fuzz(FilterWorld world, int seconds, CancellationToken cancellationToken)
    {
        var (random, limits, start) = (new Random(1), new ExpressionLimits(), Stopwatch.GetTimestamp());
        var (good, refused, faults, slowest, passes) = (0L, 0L, 0L, 0.0, new bool[1]);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && !cancellationToken.IsCancellationRequested)
        {
            var text = ExpressionFuzz.Damage(
                string.Format(CultureInfo.InvariantCulture, Filters[random.Next(Filters.Length)], random.Next(100)), random);
            var began = Stopwatch.GetTimestamp();
            try
            {
                var filter = ExpressionReader.Filter(text, limits, out var fault)?.Bind(world.Scope, out fault);
                filter?.Test([random.Next(world.Catalog.Count)], passes);
                if (filter is null) refused++;
                else good++;
                if (filter is null == fault is null) throw new RecSysException("Neither a filter nor a fault, or both.");
            }
            catch (Exception exception)
            {
                faults++;
                Console.Error.WriteLine($"{JsonSerializer.Serialize(text)}: {exception}");
            }
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "filter/fuzz", seconds, texts = good + refused, taken = good, refused, faults, slowest_ms = Math.Round(slowest, 2),
        }));
        return faults == 0 ? 0 : 1;
    }
}
