using System.Text.Json;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class KillsBenchTests(ServerFixture server)
{
    [Fact]
    public async Task Kills_RealProcess_NothingAcknowledgedIsLostAndTheStateIsThatOfTheWholeLog()
    {
        await using var rig = await ProcessRig.CopyAsync(server);

        var (code, output, error) =
            await ProcessRig.RunAsync("bench", "kills", "--data", rig.Data, "--events", "4000", "--kills", "3", "--batch", "20");

        Assert.True(code == 0, output + error);
        using var json =
            JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith("{\"bench\":\"kills\"", StringComparison.Ordinal)));
        var result = json.RootElement;
        int Of(string name) => result.GetProperty(name).GetInt32();
        Assert.Equal((4000, 0, 0, 40, 0, 0),
            (Of("acknowledged"), Of("acknowledged_lost"), Of("stored_twice"), Of("items_put"), Of("items_lost"),
            result.GetProperty("differing").GetArrayLength()));
        // The kills met posts, and what a start began with was more than nothing.
        Assert.True(Of("posts_repeated") > 0 && Of("snapshot_position") > 0 && Of("users_compared") >= server.World.Users.Count, output);
    }
}
