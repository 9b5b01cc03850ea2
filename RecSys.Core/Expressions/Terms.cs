using RecSys.Core.Domain.Columns;
using RecSys.Core.Expressions.Plans;

namespace RecSys.Core.Expressions;

/// <summary>A text: the same for all items, or a field of them.</summary>
/// <param name="Constant">Reads it; null when it is unknown. Null for a field.</param>
/// <param name="Field">Finds the column. Null for a constant.</param>
internal sealed record TextTerm(Func<ExpressionScope, string?>? Constant, Func<ExpressionScope, CodeSource>? Field);

/// <summary>A list of texts: the same for all items, or a field of them.</summary>
/// <param name="Constant">Reads it; null when it is unknown. Null for a field.</param>
/// <param name="Field">Finds the column, whose codes are those of <see cref="FieldColumns.Texts"/>. Null for a constant.</param>
internal sealed record ListTerm(Func<ExpressionScope, IReadOnlyList<string>?>? Constant, Func<ExpressionScope, CodeLists>? Field);
