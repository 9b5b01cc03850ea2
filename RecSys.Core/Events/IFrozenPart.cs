namespace RecSys.Core.Events;

/// <summary>
/// A part of the folded state as it was at one position, to be written while the fold goes on. Disposing of it ends what that costs.
/// </summary>
public interface IFrozenPart : IDisposable
{
    /// <summary>Name of the part, of the form <c>co-visitation</c>: its file in a snapshot.</summary>
    string Name { get; }

    /// <summary>Version of the form that <see cref="Write"/> writes.</summary>
    int FormatVersion { get; }

    /// <summary>Writes the part. Runs beside the fold.</summary>
    void Write(Stream to);
}
