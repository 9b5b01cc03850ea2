using System.Collections.Concurrent;

namespace RecSys.Core.Expressions;

/// <summary>
/// Expressions by their texts, so that one that comes again is not read again: the latest <paramref name="capacity"/> of each kind, and of
/// those before them as many as were asked for since. Thread-safe without waiting.
/// </summary>
/// <param name="limits">How large an expression may be.</param>
/// <param name="capacity">Expressions of each kind that are certainly kept.</param>
public sealed class ExpressionCache(ExpressionLimits limits, int capacity = ExpressionCache.DefaultCapacity)
{
    private const int DefaultCapacity = 256;

    private readonly Kept<ItemFilter> filters = new(capacity);
    private readonly Kept<ItemFactor> factors = new(capacity);

    /// <inheritdoc cref="ExpressionReader.Filter(string, ExpressionLimits, out ExpressionFault?)"/>
    public Expression<ItemFilter>? Filter(string text, out ExpressionFault? fault)
    {
        fault = null;
        return filters.Find(text) ?? filters.Keep(ExpressionReader.Filter(text, limits, out fault));
    }

    /// <inheritdoc cref="ExpressionReader.Factor(string, ExpressionLimits, out ExpressionFault?)"/>
    public Expression<ItemFactor>? Factor(string text, out ExpressionFault? fault)
    {
        fault = null;
        return factors.Find(text) ?? factors.Keep(ExpressionReader.Factor(text, limits, out fault));
    }

    // When the young ones are as many as are kept, they become the old ones, and the old ones go.
    private sealed class Kept<T>(int capacity)
        where T : class
    {
        private ConcurrentDictionary<string, Expression<T>> young = new(StringComparer.Ordinal);
        private ConcurrentDictionary<string, Expression<T>> old = new(StringComparer.Ordinal);

        public Expression<T>? Find(string text)
        {
            if (Volatile.Read(ref young).TryGetValue(text, out var known)) return known;
            return Volatile.Read(ref old).TryGetValue(text, out known) ? Keep(known) : null;
        }

        public Expression<T>? Keep(Expression<T>? expression)
        {
            if (expression is null) return null;
            var into = Volatile.Read(ref young);
            if (into.Count >= capacity)
            {
                var next = new ConcurrentDictionary<string, Expression<T>>(StringComparer.Ordinal);
                if (Interlocked.CompareExchange(ref young, next, into) == into) Volatile.Write(ref old, into);
                into = Volatile.Read(ref young);
            }
            into[expression.Text] = expression;
            return expression;
        }
    }
}
