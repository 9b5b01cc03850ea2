namespace RecSys.Core.Retrieval.TwoTower;

public sealed class UserTower
{
    public int Dimension { get; }
    public int HistoryLength { get; }
    public static UserTower Load(string safetensorsPath) => throw new NotImplementedException();
    public void Save(string path) => throw new NotImplementedException();
    public void Embed(ReadOnlySpan<int> history, ReadOnlySpan<int> profile, ReadOnlySpan<float> itemEmbeddings, Span<float> output) =>
        throw new NotImplementedException();
}
