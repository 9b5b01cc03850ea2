namespace RecSys.Core.Models.Reference;

/// <summary>A served list as drift looks at it: a buffer that is used again and again.</summary>
/// <param name="width">Features of a row.</param>
public sealed class ListSample(int width)
{
    /// <summary>Places kept of a list, the first ones.</summary>
    public const int MostRows = 20;

    private readonly float[] features = new float[MostRows * width];
    private readonly int[] items = new int[MostRows];
    private readonly float[] scores = new float[MostRows];
    private float[] embedding = [];
    private int dimension;

    /// <summary>Version of the model that made the list.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Features of a row.</summary>
    public int Width => width;

    /// <summary>Numbers of the items by place.</summary>
    public ReadOnlySpan<int> Items => items.AsSpan(0, Rows);

    /// <summary>Click probabilities by place; NaN where there was none.</summary>
    public ReadOnlySpan<float> Scores => scores.AsSpan(0, Rows);

    /// <summary>Embedding of the user; empty where there was none.</summary>
    public ReadOnlySpan<float> Embedding => embedding.AsSpan(0, dimension);

    /// <summary>Features of a place.</summary>
    public ReadOnlySpan<float> FeaturesOf(int row) => features.AsSpan(row * width, width);

    /// <summary>Begins a list.</summary>
    public void Begin(string version, ReadOnlySpan<float> user)
    {
        if (embedding.Length < user.Length) embedding = new float[user.Length];
        user.CopyTo(embedding);
        (Version, dimension, Rows) = (version, user.Length, 0);
    }

    /// <summary>Adds a place; what is beyond <see cref="MostRows"/> is left out.</summary>
    public void Add(int item, float score, ReadOnlySpan<float> row)
    {
        if (Rows == MostRows) return;
        row.CopyTo(features.AsSpan(Rows * width, width));
        (items[Rows], scores[Rows]) = (item, score);
        Rows++;
    }
}
