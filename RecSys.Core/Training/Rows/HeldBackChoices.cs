using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// The latest choices of some users drawn at random, kept from the towers so that the ranker meets honest scores. A choice is the event by
/// which a user first turned to an item.
/// </summary>
internal sealed class HeldBackChoices
{
    // As the option's range has it, and what is drawn of a small log by itself.
    private const double MostUserShare = 0.9, HalfOfUsers = 0.5;

    private readonly InteractionLog log;

    private readonly int users;
    private readonly int most;

    private HeldBackChoices(InteractionLog log, InteractionLog towerLog, List<int> choices, int users, int most)
    {
        (this.users, this.most) = (users, most);
        this.log = log;
        TowerLog = towerLog;
        Choices = choices;
    }

    /// <summary>The log in which the drawn users end before the first of their choices below.</summary>
    public InteractionLog TowerLog { get; }

    /// <summary>Indexes of the choices in the whole log, ascending.</summary>
    public IReadOnlyList<int> Choices { get; }

    /// <summary>So many of <see cref="Choices"/> from a moment on, Unix milliseconds, at even distances, or all.</summary>
    public List<int> Since(long fromMs, int most) =>
        ReferenceRows.Thin([.. Choices.Where(index => log.Events[index].TimeMs >= fromMs)], most);

    /// <summary>
    /// Draws users until their share is reached or the choices are as many as <see cref="TrainingOptions.MaxTargets"/>; of a small log up
    /// to half of them, until there are <see cref="TrainingOptions.MinTargets"/> choices.
    /// </summary>
    /// <param name="log">The whole log.</param>
    /// <param name="options">Share, choices per user, most choices and seed.</param>
    public static HeldBackChoices Draw(InteractionLog log, TrainingOptions options)
    {
        var choices = ChoicesByUser(log);
        // A user with two choices has one to hold back and one to be known by.
        var users = Enumerable.Range(0, choices.Length).Where(user => choices[user].Count >= 2).ToArray();
        var wanted = (int)Math.Ceiling(users.Length * options.RankerUserShare);
        new Random(options.Seed).Shuffle(users);
        var ends = new (long TimeMs, int Index)[choices.Length];
        Array.Fill(ends, (long.MaxValue, int.MaxValue));
        var heldBack = new List<int>();
        for (var drawn = 0; drawn < wanted || (drawn < users.Length / 2 && heldBack.Count < options.MinTargets); drawn++)
        {
            if (heldBack.Count >= options.MaxTargets) break;
            var user = users[drawn];
            var latest = choices[user][^Math.Min(options.RankerChoicesPerUser, choices[user].Count / 2)..];
            ends[user] = (log.Events[latest[0]].TimeMs, latest[0]);
            heldBack.AddRange(latest);
        }
        heldBack.Sort();
        return new HeldBackChoices(log, Before(log, ends), heldBack, users.Length,
            users.Sum(user => Math.Min(options.RankerChoicesPerUser, choices[user].Count / 2)));
    }

    /// <summary>Sees to it before the towers are trained that a ranker can learn from so many choices.</summary>
    /// <exception cref="RecSysException">They are too few; the message says how many users it takes.</exception>
    public HeldBackChoices RequireEnough(TrainingOptions options)
    {
        var needed = (int)(RankerFitting.FewestOfAClass / options.ValidationShare);
        if (Choices.Count >= needed) return this;
        var found = string.Create(CultureInfo.InvariantCulture,
            $"The ranker needs at least {needed:#,0} choices of users to learn from ({RankerFitting.FewestOfAClass} of them in the latest "
                + $"{options.ValidationShare:P0}, to validate with); {Choices.Count:#,0} were held back for it. ");
        if (most * MostUserShare >= needed)
            throw new RecSysException($"{found}Raise Training:RankerUserShare, so that the choices of more users are kept for it.");
        throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
            $"{found}The log is too small: {users:#,0} users with two or more choices have {most:#,0} in all to give, half of what they "
                + $"chose. "
                + $"It takes some {UsersFor(needed):#,0} such users, or as many more choices; import more."));
    }

    // Users who give as much as those of the log; one choice each where there are none.
    private int UsersFor(int needed) => (int)Math.Ceiling(needed / (users == 0 ? 1 : (double)most / users) / HalfOfUsers);

    private static List<int>[] ChoicesByUser(InteractionLog log)
    {
        var choices = new List<int>[log.Users.Count];
        for (var user = 0; user < choices.Length; user++) choices[user] = [];
        var touched = new HashSet<(int User, int Item)>();
        foreach (var i in log.OrderByTime())
        {
            ref readonly var e = ref log.Events[i];
            if (e.User >= 0 && e.IsPositive && touched.Add((e.User, e.Item))) choices[e.User].Add(i);
        }
        return choices;
    }

    private static InteractionLog Before(InteractionLog log, (long TimeMs, int Index)[] ends)
    {
        var (kept, positions) = (new List<LogEvent>(log.Events.Length), new List<long>(log.Events.Length));
        for (var i = 0; i < log.Events.Length; i++)
        {
            ref readonly var e = ref log.Events[i];
            if (e.User >= 0 && (e.TimeMs, i).CompareTo(ends[e.User]) >= 0) continue;
            kept.Add(e);
            positions.Add(log.Positions[i]);
        }
        return new InteractionLog(log.Items, log.Users, [.. kept], [.. positions]) { Merges = log.Merges };
    }
}
