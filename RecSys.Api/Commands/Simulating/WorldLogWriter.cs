using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
        WriteAll(Create(folder, "items.jsonl"), world.Items.Select(ItemBody.Of), ApiJson.Default.ItemBody);
        WriteAll(Create(folder, "users.jsonl"), world.Users.Select(UserBody.Of), ApiJson.Default.UserBody);
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

    private static FileStream Create(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path)) throw new RecSysException($"--logs: {path} exists already; name another folder.");
        return File.Create(path);
    }

    private static void WriteAll<T>(FileStream file, IEnumerable<T> entries, JsonTypeInfo<T> form)
    {
        using (file)
        {
            foreach (var entry in entries)
            {
                JsonSerializer.Serialize(file, entry, form);
                file.WriteByte((byte)'\n');
            }
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
