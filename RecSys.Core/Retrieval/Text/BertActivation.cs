namespace RecSys.Core.Retrieval.Text;

/// <summary>Activation between the two linear layers of a block.</summary>
internal enum BertActivation
{
    /// <summary>x Φ(x) through the error function.</summary>
    Gelu,

    /// <summary>The tanh approximation of <see cref="Gelu"/>.</summary>
    GeluTanh,

    Relu,
}
