namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>Messages until they are taken, first in, first out for each receiver. Not thread-safe.</summary>
/// <param name="most">Messages that may wait; beyond, the oldest gives way.</param>
internal sealed class Outbox(int most)
{
    private readonly BoundedList<AlertMessage> waiting = new(most);
    private List<AlertMessage> overflow = [];

    public IReadOnlyList<AlertMessage> Waiting => waiting.Entries;

    /// <summary>The highest number given.</summary>
    public long Last { get; private set; }

    public void Restore(IEnumerable<AlertMessage> messages, long last)
    {
        foreach (var message in messages) waiting.Add(message);
        Last = last;
    }

    public void Add(Func<long, AlertMessage> make)
    {
        // At most as many again, should nobody put them aside meanwhile.
        if (waiting.Add(make(++Last)) is { } gone && overflow.Count < most) overflow.Add(gone);
    }

    public AlertMessage? NextFor(string channel) => waiting.Entries.FirstOrDefault(message => message.Channel == channel);

    public void Remove(AlertMessage message) => waiting.RemoveAll(other => other.Id == message.Id);

    public IReadOnlyList<AlertMessage> TakeOverflow()
    {
        var taken = overflow;
        overflow = [];
        return taken;
    }
}
