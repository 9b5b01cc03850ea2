using System.Diagnostics.CodeAnalysis;

namespace RecSys.Core.Models.Reference;

/// <summary>
/// Takes some of the served lists, as many as it has time for. Asked on the request's thread: neither waits nor allocates.
/// </summary>
public interface IListSampler
{
    /// <summary>A buffer for the list, to be handed back by <see cref="Take"/>; false when this one is not wanted.</summary>
    bool TryBegin([NotNullWhen(true)] out ListSample? sample);

    /// <summary>Takes the filled buffer.</summary>
    void Take(ListSample sample);
}
