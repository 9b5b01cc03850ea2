namespace RecSys.Core.Evaluation.Intervals;

/// <summary>One figure of one model.</summary>
/// <param name="Model">Name of its row.</param>
/// <param name="Name">One of <see cref="Figures"/>.</param>
/// <param name="Value">What it is computed by.</param>
internal sealed record ModelFigure(string Model, string Name, IFigure Value);
