using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Api.Dashboard.Feeds;

/// <summary>The last minute's requests, as <c>GET /monitoring/latency?window=1m</c> tells them.</summary>
internal sealed class LatencyFeed(LatencyWindows windows) : IDashboardFeed
{
    public string Name => "latency";

    public byte[] Read(ref long cursor) => JsonSerializer.SerializeToUtf8Bytes(
        LatencyReport.Of("1m", windows.Read(TimeSpan.FromMinutes(1))), ApiJson.Default.LatencyReport);
}
