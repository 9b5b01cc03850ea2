using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Policies;

/// <summary>What a policy is told when a user asks for a list. It is one object for all requests: valid until the list is made.</summary>
public sealed class ServingRequest
{
    private readonly WorldParts parts;
    private readonly int[] candidates;
    private int count;
    private int draws;
    private int turn;

    internal ServingRequest(WorldParts parts)
    {
        this.parts = parts;
        Moment = new ListMoment(parts);
        candidates = new int[parts.Items.Items.Length];
    }

    public User User => parts.Users.Users[Moment.User];

    /// <summary>Number of the user.</summary>
    public int UserNumber => Moment.User;
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Moment.TimeMs);

    /// <summary>Numbers of the items that exist, may be shown and were not hidden by the user, ascending.</summary>
    public ReadOnlySpan<int> Candidates => candidates.AsSpan(0, count);

    /// <summary>Numbers of the user's last 32 clicked items, in no order.</summary>
    public ReadOnlySpan<int> RecentClicks => Moment.State.RecentClicks;

    /// <summary>The truth, for policies that know it.</summary>
    internal ListMoment Moment { get; }

    /// <summary>The policy's own luck: uniform in [0, 1), another value with each call, the same in each run.</summary>
    public double Draw() => parts.Draws.Uniform(Moment.User, turn, draws++, Purpose.Policy);

    internal void Begin(int user, VisitorState state, long timeMs, int turn)
    {
        Moment.Begin(user, state, timeMs);
        (this.turn, draws, count) = (turn, 0, 0);
        if (state.Hidden is not { } hidden)
        {
            Moment.Servable.CopyTo(candidates);
            count = Moment.Servable.Length;
            return;
        }
        foreach (var item in Moment.Servable)
        {
            if (!hidden.Contains(item)) candidates[count++] = item;
        }
    }
}
