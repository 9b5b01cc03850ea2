using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RecSys.Api.Commands.Bench;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Backup;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

/// <summary>A copy of the trained world in a folder of its own, with a server process over it and the program's verbs beside it.</summary>
internal sealed class ProcessRig : IAsyncDisposable
{
    private static readonly string[] Everything = ["recommend:read", "events:write", "catalog:write", "service", "admin"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private ServerProcess? server;

    private ProcessRig(string? data) => Data = data ?? folder["data"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The data; within <see cref="Root"/>.</summary>
    public string Data { get; }
    public string Root => folder.Path;
    public ServerProcess Server => server!;
    public HttpClient Client { get; } = new();

    /// <summary>Over a folder of the test, as it is.</summary>
    public static ProcessRig Over(string data) => new(data);

    /// <param name="fixture">Has the world.</param>
    /// <param name="data">An empty folder for the copy; null: a new one.</param>
    public static async Task<ProcessRig> CopyAsync(ServerFixture fixture, string? data = null)
    {
        await fixture.StartAsync();
        var rig = new ProcessRig(data);
        await new DataFolderBackup(TimeProvider.System).CreateAsync(fixture.DataFolder, rig.folder["copy"], null, Token);
        if (data is null) Directory.Move(rig.folder["copy"], rig.Data);
        else await RunProcessAsync("cp", ["-r", $"{rig.folder["copy"]}/.", data]);
        return rig;
    }

    /// <summary>Starts the server, or another one on another folder; the client is allowed everything.</summary>
    public async Task ServeAsync(string? dataFolder = null, params string[] more)
    {
        if (server is not null) await server.DisposeAsync();
        server = await ServerProcess.StartAsync(dataFolder ?? Data, Token, ["--set", "Shutdown:DelaySeconds=0", .. more]);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerFixture.Token("tester", Everything));
    }

    public async Task StopAsync()
    {
        Server.Stop();
        Assert.Equal(0, await Server.WaitForExitAsync(Token));
    }

    public Uri At(string path) => new(Server.Address, path);

    public async Task<HttpResponseMessage> PostAsync(params Event[] events)
    {
        using var content = new ByteArrayContent(EventBody.Post(events));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Client.PostAsync(At("/events"), content, Token);
    }

    public Task<HttpResponseMessage> PutAsync(string item, string title, string description = "") =>
        Client.PutAsJsonAsync(At($"/items/{item}"), new { title, category = "news", description }, Token);

    /// <summary>Ids in the user's list, and the reply.</summary>
    public async Task<(string[] Items, JsonElement Reply)> RecommendAsync(string user, int count = 20)
    {
        var reply = await Client.GetFromJsonAsync<JsonElement>(At($"/recommend?user_id={user}&num_items={count}"), Token);
        return ([.. reply.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)], reply);
    }

    /// <summary>Asks again and again until the condition holds; fails when it does not come true.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"In vain: {what}");
            await Task.Delay(20, Token);
        }
    }

    /// <summary>Runs a verb in a process of its own.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunInAsync([], arguments);

    /// <summary>The same with variables of its own.</summary>
    public static Task<(int Code, string Output, string Error)> RunInAsync(
        (string Name, string Value)[] environment, params string[] arguments) =>
        RunProcessAsync("dotnet", [typeof(ServerSettings).Assembly.Location, .. arguments], environment);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">By its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside those of this process, or in their place; Development where none says otherwise.</param>
    public static async Task<(int Code, string Output, string Error)> RunProcessAsync(
        string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, error);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        Client.Dispose();
        folder.Dispose();
    }
}
