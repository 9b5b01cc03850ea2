using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// The logs of a simulated app: items, users and events as <c>import</c> reads them, and every shown list with the propensity of each
/// place. Nothing in them tells what only the truth knows.
/// </summary>
internal sealed class WorldLogWriter : IDisposable
{
    private readonly LivingWorld world;
    private readonly Stream events;
    private readonly Stream lists;
    private readonly List<Event> day = [];

    /// <param name="world">Whose items and users are written at once.</param>
    /// <param name="folder">Made when it is missing; must hold none of the four files.</param>
    /// <exception cref="RecSysException">One of the files exists.</exception>
    public WorldLogWriter(LivingWorld world, string folder)
    {
        this.world = world;
        Directory.CreateDirectory(folder);
        WriteAll(Create(folder, "items.jsonl"), world.Items, WriteItem);
        WriteAll(Create(folder, "users.jsonl"), world.Users, WriteUser);
        events = Create(folder, "events.jsonl");
        lists = Create(folder, "lists.jsonl");
    }

    public void Write(ShownList list)
    {
        day.AddRange(world.EventsOf(list));
        WriteLine(lists, list, WriteList);
    }

    /// <summary>Writes the events of the day in the order of their times.</summary>
    public void EndDay()
    {
        foreach (var e in day.OrderBy(e => e.Time)) WriteLine(events, e, EventBody.WriteFields);
        day.Clear();
    }

    public void Dispose()
    {
        events.Dispose();
        lists.Dispose();
    }

    private void WriteList(Utf8JsonWriter json, ShownList list)
    {
        json.WriteString("request_id", list.RequestId);
        json.WriteString("user_id", world.Users[list.User].Id);
        json.WriteString("time", list.Time);
        json.WriteStartArray("items");
        foreach (var slot in list.Slots)
        {
            json.WriteStartObject();
            json.WriteString("item_id", world.Items[slot.Item].Id);
            json.WriteNumber("propensity", slot.Propensity);
            json.WriteBoolean("explored", slot.Kind == SlotKind.Explored);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter json, Item item)
    {
        json.WriteString("id", item.Id);
        json.WriteString("title", item.Title);
        json.WriteString("category", item.Category);
        json.WriteStartArray("tags");
        foreach (var tag in item.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("creator", item.Creator);
        if (item.Price is { } price) json.WriteNumber("price", price);
        if (item.DurationSeconds is { } duration) json.WriteNumber("duration_seconds", duration);
        if (item.CreatedAt is { } created) json.WriteString("created_at", created);
        json.WriteString("thumbnail_url", item.ThumbnailUrl);
        json.WriteBoolean("available", item.Available);
        json.WriteBoolean("flagged", item.Flagged);
        json.WriteString("description", item.Description);
    }

    private static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteString("id", user.Id);
        json.WriteString("gender", user.Gender);
        if (user.Age is { } age) json.WriteNumber("age", age);
        json.WriteString("location", user.Location);
        if (user.CreatedAt is { } created) json.WriteString("created_at", created);
        foreach (var (name, value) in user.Attributes) json.WriteString(name, value);
    }

    private static FileStream Create(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path)) throw new RecSysException($"--logs: {path} exists already; name another folder.");
        return File.Create(path);
    }

    private static void WriteAll<T>(FileStream file, IEnumerable<T> entries, Action<Utf8JsonWriter, T> write)
    {
        using (file)
        {
            foreach (var entry in entries) WriteLine(file, entry, write);
        }
    }

    private static void WriteLine<T>(Stream file, T entry, Action<Utf8JsonWriter, T> write)
    {
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            write(json, entry);
            json.WriteEndObject();
        }
        file.WriteByte((byte)'\n');
    }
}
