using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Models;
using RecSys.Tests.Retrieval.Text;

namespace RecSys.Tests.EndToEnd;

/// <summary>Texts of items that come while a real server process runs, with a bundle whose item tower reads texts.</summary>
[Collection(ServedCollection.Name)]
public sealed class TextChildTests(ServerFixture server)
{
    private static readonly string[] Text = ["--set", $"Text:Directory={BertFixture.Original}", "--set", "Text:Device=cpu"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_TextModelOfTheBundle_ItsTextIsReadByAChildAndTheServerNeverLoadsLibtorch()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync(null, [.. Text, "--set", "Text:MaxTokens=32"]);

        await PutAndWaitAsync(rig, "first");
        var child = Child(rig);
        Assert.Contains("torch", await MapsAsync(child), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("torch_cpu", await MapsAsync(rig.Server.Id), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("LibTorch", await MapsAsync(rig.Server.Id), StringComparison.Ordinal);

        // A child that dies is replaced, and the item that comes then does not stay behind.
        using (var process = Process.GetProcessById(child)) process.Kill();
        await PutAndWaitAsync(rig, "second");
        Assert.NotEqual(child, Child(rig));
        await rig.StopAsync();
        Assert.Empty(Children(rig.Server.Id));
    }

    [Fact]
    public async Task Idle_NoTextForAWhile_EndsTheChildAndTheNextTextStartsAnother()
    {
        await using var rig = await RigAsync();
        await rig.ServeAsync(null, [.. Text, "--set", "Text:MaxTokens=32", "--set", "Text:IdleMinutes=0.01"]);

        await PutAndWaitAsync(rig, "first");
        await ProcessRig.UntilAsync("the idle child ends", () => Task.FromResult(Children(rig.Server.Id).Count == 0));

        await PutAndWaitAsync(rig, "second");
        await ProcessRig.UntilAsync("the log names two children", () => Task.FromResult(Started(rig) == 2));

        static int Started(ProcessRig rig) =>
            rig.Server.Lines.Count(line => line.Contains("encodes the texts of new items", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Put_TextModelOfAnotherTraining_WarnsOnceAndTheItemsStandOnTheirOtherContent()
    {
        await using var rig = await RigAsync();
        // Another length of texts is another model: its embeddings are not those that the tower knows.
        await rig.ServeAsync(null, [.. Text, "--set", "Text:MaxTokens=16"]);

        foreach (var id in (string[])["a", "b", "c"])
        {
            (await rig.PutAsync(id, "A title")).Dispose();
            await ProcessRig.UntilAsync("the item is found by its other content", async () =>
            {
                using var similar = await rig.Client.GetAsync(rig.At($"/items/{id}/similar"), Token);
                return similar.StatusCode == HttpStatusCode.OK;
            });
        }

        await ProcessRig.UntilAsync("the warning is written", () => Task.FromResult(Warnings(rig) > 0));
        Assert.True(await AwaitsAsync(rig, "a"));
        Assert.Equal(1, Warnings(rig));
        Assert.Empty(Children(rig.Server.Id));

        static int Warnings(ProcessRig rig) =>
            rig.Server.Lines.Count(line => line.Contains("trained with the text model", StringComparison.Ordinal));
    }

    private static async Task PutAndWaitAsync(ProcessRig rig, string id)
    {
        using (var put = await rig.PutAsync(id, "hello world", "a story of an item")) Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        await ProcessRig.UntilAsync($"the text of {id} is encoded", async () => !await AwaitsAsync(rig, id));
        using var similar = await rig.Client.GetAsync(rig.At($"/items/{id}/similar"), Token);
        Assert.Equal(HttpStatusCode.OK, similar.StatusCode);
    }

    // Not folded yet is not encoded either.
    private static async Task<bool> AwaitsAsync(ProcessRig rig, string id)
    {
        using var similar = await rig.Client.GetAsync(rig.At($"/items/{id}/similar"), Token);
        var item = await rig.Client.GetFromJsonAsync<JsonElement>(rig.At($"/items/{id}"), Token);
        return similar.StatusCode != HttpStatusCode.OK || (item.TryGetProperty("awaiting_text", out var awaits) && awaits.GetBoolean());
    }

    private static int Child(ProcessRig rig) => Assert.Single(Children(rig.Server.Id));

    private static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                // Behind the name in parentheses: state, parent, ...
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] == "Z" || int.Parse(fields[1], CultureInfo.InvariantCulture) != parent) continue;
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(TextEncoderProcess.Verb, StringComparison.Ordinal))
                    children.Add(id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile.
            }
        }
        return children;
    }

    private static Task<string> MapsAsync(int process) => File.ReadAllTextAsync($"/proc/{process}/maps", Token);

    private async Task<ProcessRig> RigAsync()
    {
        var rig = await ProcessRig.CopyAsync(server);
        var models = Path.Combine(rig.Data, "models");
        string[] ids = [.. server.World.Items.Select(item => item.Id)];
        const int Dimension = 16;
        int width;
        using (var encoder = BertTextEncoder.Load(BertFixture.Options(BertFixture.Original))) width = encoder.Dimension;
        await BundleWriter.PublishAsync(models, "v2.0.0", TestModels.Contents(1, Dimension) with
        {
            ItemIds = ids,
            Embeddings = TestBundles.Embeddings(ids.Length, Dimension),
            ItemTower = TestModels.ItemTower(1, Dimension, width),
            Ids = null,
            GoldenItems = [],
            RankerText = TestModels.Ranker(FeatureCatalogue.Default.Names),
            Calibrator = new PlattCalibrator(0.001, 0),
            Catalogue = FeatureCatalogue.Default,
            Options = new Dictionary<string, string> { [BundleManifest.TextModelOption] =
                TextModelHash.Of(BertFixture.Options(BertFixture.Original)) },
        }, Token);
        await using var database = await SqliteDatabase.OpenAsync(rig.Data, Token);
        await new ModelRegistry(models, database.Models).SetChampionAsync("v2.0.0", Token);
        return rig;
    }
}
