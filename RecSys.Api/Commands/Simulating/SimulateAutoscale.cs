using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Monitoring.Autoscaling.Trace;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate autoscale</c>: what the autoscaling policy does with a load, on servers that are queues.</summary>
internal static class SimulateAutoscale
{
    // Rows of the table, however long the trace is.
    private const int Rows = 24;

    private static readonly Option<string> Trace = new("--trace")
    {
        Description = $"Load: {string.Join(", ", LoadTrace.Presets)}, or a file of lines seconds,requests_per_second",
        DefaultValueFactory = _ => "daily",
        HelpName = "file",
    };

    private static readonly Option<int> Replicas = CommonOptions.InRange(
        new("--replicas") { Description = "Servers at the beginning; 0 for as many as the first rate needs", DefaultValueFactory = _ => 0 },
        0, 100_000);

    private static readonly Option<int> ServiceMs = CommonOptions.InRange(
        new("--service-ms") { Description = "Processor time of a request, milliseconds", DefaultValueFactory = _ => 20 }, 1, 10_000);

    private static readonly Option<int> Processors = CommonOptions.InRange(
        new("--processors") { Description = "Processors of a server", DefaultValueFactory = _ => 2 }, 1, 1024);

    private static readonly Option<int> StartSeconds = CommonOptions.InRange(
        new("--start-seconds") { Description = "From the wish to a server that bears load", DefaultValueFactory = _ => 60 }, 0, 3600);

    private static readonly Option<decimal> Price = new("--price")
    {
        Description = "What a server costs in an hour",
        DefaultValueFactory = _ => 0.1m,
        CustomParser = result =>
        {
            if (decimal.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var price))
                return price;
            result.AddError("--price must be a number, with a point in front of decimals.");
            return 0;
        },
    };

    public static Command Create()
    {
        var command = new Command(
            "autoscale", "Run the autoscaling policy over a load: servers, latency and cost; docs/monitoring.md has the model")
        {
            Trace, Replicas, ServiceMs, Processors, StartSeconds, Price, SimulateArguments.Json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var file = arguments.GetValue(SimulateArguments.Json);
        CommonOptions.RequireFolder("--json", file);
        var price = arguments.GetValue(Price);
        if (price is < 0 or > 1_000_000) throw new RecSysException("--price must be from 0 to 1000000.");
        var options = Settings.Autoscaling();
        var trace = LoadTrace.Of(arguments.GetValue(Trace)!);
        var fleet = new FleetModel(arguments.GetValue(ServiceMs), arguments.GetValue(Processors));
        var middle = (options.LowCpu + options.HighCpu) / 2;
        var replicas = arguments.GetValue(Replicas) is > 0 and var given
            ? given
            : Math.Clamp((int)Math.Ceiling(trace.RateAt(0) / fleet.Capacity / middle), options.MinReplicas, options.MaxReplicas);
        var run = new ScalingSimulation(options, fleet, TimeSpan.FromSeconds(arguments.GetValue(StartSeconds))).Run(trace, replicas);
        await arguments.InvocationConfiguration.Output.WriteAsync(Table(run, fleet, options, price));
        if (file is not null) await File.WriteAllTextAsync(file, Json(run, fleet, options, price).ToJsonString(), cancellationToken);
    }

    private static string Table(ScalingRun run, FleetModel fleet, AutoscalingOptions options, decimal price)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"{run.Trace}: {fleet.Processors} processors and {fleet.Capacity:0} requests/s a server");
        text.WriteLine("    from   requests/s   replicas   desired   latency ms   worst ms    cpu");
        var size = Math.Max(1, (int)Math.Ceiling(run.Points.Count / (double)Rows));
        foreach (var part in run.Points.Chunk(size))
        {
            text.WriteLine($"{Clock(part[0].Second),8}{part.Average(point => point.Rate),13:#,0}"
                + $"{part.Average(point => point.Replicas),11:0.0}{part.Max(point => point.Desired),10}"
                + $"{part.Average(point => point.LatencyMs),13:0.0}{part.Max(point => point.LatencyMs),11:0.0}"
                + $"{part.Average(point => point.Cpu),7:0.00}");
        }
        text.WriteLine($"steps: {run.Ups} up, {run.Downs} down; replica hours: {run.ReplicaHours:#,0.0}; cost: {Cost(run, price):#,0.00}");
        text.WriteLine($"mean latency: {run.MeanLatencyMs:0.0} ms; requests above {options.HighLatencyMs:0} ms: "
            + $"{run.ShareAbove(options.HighLatencyMs):0.00 %}; shed: {run.ShedShare:0.00 %}");
        return text.ToString();
    }

    private static JsonObject Json(ScalingRun run, FleetModel fleet, AutoscalingOptions options, decimal price) => new()
    {
        ["simulate"] = "autoscale",
        ["trace"] = run.Trace,
        ["processors"] = fleet.Processors,
        ["service_ms"] = fleet.ServiceMs,
        ["steps_up"] = run.Ups,
        ["steps_down"] = run.Downs,
        ["replica_hours"] = run.ReplicaHours,
        ["cost"] = Cost(run, price),
        ["mean_latency_ms"] = run.MeanLatencyMs,
        ["share_above_high_latency"] = run.ShareAbove(options.HighLatencyMs),
        ["shed_share"] = run.ShedShare,
        ["points"] = new JsonArray([.. run.Points.Select(point => (JsonNode)new JsonObject
        {
            ["second"] = point.Second,
            ["rate"] = point.Rate,
            ["replicas"] = point.Replicas,
            ["desired"] = point.Desired,
            ["latency_ms"] = point.LatencyMs,
            ["cpu"] = point.Cpu,
            ["shed"] = point.Shed,
        })]),
    };

    // Hours go on behind a day: a trace may last a week.
    private static string Clock(double second)
    {
        var at = TimeSpan.FromSeconds(second);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)at.TotalHours:00}:{at:mm\\:ss}");
    }

    private static decimal Cost(ScalingRun run, decimal price) => Math.Round((decimal)run.ReplicaHours * price, 2);
}
