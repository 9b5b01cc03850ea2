using System.Collections.Frozen;

namespace RecSys.Core.Domain;

/// <summary>An immutable snapshot of users with dense ordinals 0 to <see cref="Count"/> - 1, for training and replay.</summary>
public sealed class UserDirectory
{
    private readonly User[] users;
    private readonly FrozenDictionary<string, int> ordinals;

    /// <summary>Numbers users in the order given; ids must be distinct.</summary>
    public UserDirectory(IEnumerable<User> users)
    {
        this.users = [.. users];
        ordinals = this.users.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToFrozenDictionary(StringComparer.Ordinal);
        if (ordinals.Count != this.users.Length) throw new ArgumentException("User ids must be distinct.", nameof(users));
    }

    /// <summary>Number of users.</summary>
    public int Count => users.Length;

    public User this[int ordinal] => users[ordinal];

    public bool TryGetOrdinal(string id, out int ordinal) => ordinals.TryGetValue(id, out ordinal);
}
