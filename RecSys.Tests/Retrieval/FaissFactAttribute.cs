using System.Runtime.CompilerServices;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

/// <summary>Skipped, with FAISS's own reason, where the library is not installed.</summary>
public sealed class FaissFactAttribute : FactAttribute
{
    public FaissFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        if (!FaissApi.TryLoad(null, out _, out var reason)) Skip = reason;
    }
}

/// <inheritdoc cref="FaissFactAttribute"/>
public sealed class FaissTheoryAttribute : TheoryAttribute
{
    public FaissTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        if (!FaissApi.TryLoad(null, out _, out var reason)) Skip = reason;
    }
}
