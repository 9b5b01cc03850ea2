namespace RecSys.Core.Retrieval.Weights;

/// <summary>Values in row-major order; their number is the product of the shape.</summary>
internal sealed record WeightTensor(int[] Shape, float[] Values);
