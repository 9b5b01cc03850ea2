using RecSys.Core.Expressions;
using RecSys.Core.Merchandising;

namespace RecSys.Core.Pipeline;

/// <summary>A rule that holds for a request, with its filter for the request's user.</summary>
public readonly record struct BoundRule(CompiledRule Rule, ItemFilter Filter);
