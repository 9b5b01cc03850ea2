using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;

namespace RecSys.Tests.Simulation;

/// <summary>The world of the demo and of earlier figures, event by event: a change of it would make those figures incomparable.</summary>
public sealed class ClassicWorldTests
{
    [Fact]
    public void Classic_ItemsUsersHistoryAndResponses_AreThoseOfEarlierFigures()
    {
        var world = SyntheticWorld.Create(WorldOptions.Classic with { Items = 1500, Users = 400, Days = 4 });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in world.Items)
            Add($"{item.Id}|{item.Title}|{item.Category}|{item.Creator}|{item.Price}|{item.DurationSeconds}|{item.CreatedAt:O}");
        foreach (var user in world.Users) Add($"{user.Id}|{user.Age}|{user.Location}|{user.CreatedAt:O}");
        foreach (var e in world.GenerateHistory()) AddEvent(e);
        var random = new Random(9);
        for (var list = 0; list < 300; list++)
        {
            string[] shown = [.. Enumerable.Range(0, 10).Select(_ => world.Items[random.Next(1500)].Id)];
            var time = world.Options.Start.AddDays(3);
            foreach (var e in world.Respond(world.Users[list], shown, time, $"r{list}", "web", random)) AddEvent(e);
        }

        Assert.Equal("9b0e8e2c089a915f518c0e36c66439eb", Convert.ToHexStringLower(hash.GetHashAndReset())[..32]);

        void AddEvent(Event e) =>
            Add($"{e.Id}|{e.UserId}|{e.ItemId}|{e.Type}|{e.Time:O}|{e.Value}|{e.Position}|{e.RequestId}|{e.Device}|{e.Location}");

        void Add(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));
    }
}
