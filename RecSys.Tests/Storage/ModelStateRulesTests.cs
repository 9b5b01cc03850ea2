using RecSys.Core.Storage.ModelStates;

namespace RecSys.Tests.Storage;

public sealed class ModelStateRulesTests
{
    // The table as it is meant; rows are from, columns to, in the order of the states.
    private static readonly string[] Table =
    [
        //              t  rj st sh ca ch rt q
        "training       .  x  x  .  .  .  .  x",
        "rejected       .  .  x  .  .  .  .  x",
        "staging        .  x  .  x  x  x  x  x",
        "shadow         .  x  x  .  x  x  x  x",
        "canary         .  x  x  x  .  x  x  x",
        "champion       .  .  .  .  .  .  .  .",
        "retired        .  .  x  .  .  x  .  x",
        "quarantined    .  .  x  .  .  .  .  .",
    ];

    [Fact]
    public void Allows_EveryPair_IsTheTable()
    {
        var states = Enum.GetValues<ModelState>();
        foreach (var (row, from) in Table.Zip(states))
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(from.Name(), cells[0]);
            Assert.Equal(cells[1..], states.Select(to => ModelStateRules.Allows(from, to) ? "x" : "."));
        }
        Assert.Equal(Table.Length, states.Length);
    }

    [Fact]
    public void Parse_EveryName_IsItsState()
    {
        foreach (var state in Enum.GetValues<ModelState>()) Assert.Equal(state, ModelStateRules.Parse(state.Name()));
        Assert.Throws<FormatException>(() => ModelStateRules.Parse("Champion"));
    }

    [Fact]
    public void Rules_StatesOfServing_AreReachedFromAGateAndNeverFromARefusal()
    {
        ModelState[] serving = [ModelState.Shadow, ModelState.Canary, ModelState.Champion];
        foreach (var refused in (ModelState[])[ModelState.Training, ModelState.Rejected, ModelState.Quarantined])
            Assert.DoesNotContain(serving, state => ModelStateRules.Allows(refused, state));
        Assert.Equal([ModelState.Rejected, ModelState.Retired], Enum.GetValues<ModelState>().Where(ModelStateRules.MayBeCollected));
        Assert.Equal([ModelState.Retired, ModelState.Quarantined], Enum.GetValues<ModelState>().Where(ModelStateRules.MayGiveWayAs));
    }
}
