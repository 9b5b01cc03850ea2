using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Monitoring.Machine;

namespace RecSys.Api.Dashboard.Feeds;

/// <summary>Process and machine, as <c>GET /monitoring/health</c> tells them.</summary>
internal sealed class MachineFeed(MachineWatch machine) : IDashboardFeed
{
    public string Name => "machine";

    public byte[] Read(ref long cursor) =>
        JsonSerializer.SerializeToUtf8Bytes(MachineReport.Of(machine.Read()), ApiJson.Default.MachineReport);
}
