namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Which entries are targets of training, and whose last entry is held out for early stopping.</summary>
internal sealed class TowerSplit
{
    /// <summary>A user with fewer entries is not held out: training needs them more.</summary>
    private const int LeastEntries = 3;

    private readonly TowerTrainingData data;
    private readonly bool[] isHeld;

    public TowerSplit(TowerTrainingData data, int validationUsers, int seed)
    {
        this.data = data;
        var eligible = Enumerable.Range(0, data.Users.Count).Where(u => data.Sequence(u).Length >= LeastEntries).ToArray();
        new Random(seed).Shuffle(eligible);
        HeldUsers = eligible[..Math.Min(validationUsers, eligible.Length)];
        isHeld = new bool[data.Users.Count];
        foreach (var user in HeldUsers) isHeld[user] = true;
    }

    public int[] HeldUsers { get; }

    /// <summary>Number of entries per item that training may see. Items without one can only be judged by their content.</summary>
    public int[] ItemCounts()
    {
        var counts = new int[data.Items.Count];
        for (var user = 0; user < data.Users.Count; user++)
        {
            foreach (var item in Training(user)) counts[item]++;
        }
        return counts;
    }

    /// <summary>Entries of the user that training may see.</summary>
    public ReadOnlySpan<int> Training(int user) => isHeld[user] ? data.Sequence(user)[..^1] : data.Sequence(user);
}
