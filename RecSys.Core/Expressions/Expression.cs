namespace RecSys.Core.Expressions;

/// <summary>An expression that was read and checked. Immutable, and the same for every request that sends the text.</summary>
/// <typeparam name="T">What it becomes for a request: <see cref="ItemFilter"/> or <see cref="ItemFactor"/>.</typeparam>
public sealed class Expression<T>
    where T : class
{
    private readonly Func<ExpressionScope, T> bind;

    internal Expression(string text, Func<ExpressionScope, T> bind) => (Text, this.bind) = (text, bind);

    /// <summary>As it was sent.</summary>
    public string Text { get; }

    /// <summary>Looks up what is the same for all items.</summary>
    /// <param name="scope">For whom, when and over what.</param>
    /// <param name="fault">Why not: it names an attribute that no item has, or that is of another type.</param>
    /// <returns>Null where there is a fault.</returns>
    public T? Bind(ExpressionScope scope, out ExpressionFault? fault)
    {
        try
        {
            fault = null;
            return bind(scope);
        }
        catch (FaultyExpressionException exception)
        {
            fault = ExpressionReader.Fault(Text, exception);
            return null;
        }
    }
}
