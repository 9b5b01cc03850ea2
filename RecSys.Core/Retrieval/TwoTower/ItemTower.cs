using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Turns an item into its embedding in managed SIMD code, as the tower that training fitted would: so an item that arrives while the model
/// serves finds its users. It is read by its content alone, as items are that training never saw used, unless what training learnt of its
/// id is given. Immutable, safe for concurrent use.
/// </summary>
public sealed class ItemTower
{
    // Another hash, another table or another way to cut titles would find other rows.
    private const float Layout = 1;
    private const int NumberPairs = ItemContentScheme.NumberCount / 2;
    private const long MsPerDay = 86_400_000;

    private readonly TowerWeights weights;
    private readonly ItemContentScheme scheme;
    private readonly int[] placeOfRow;
    private readonly float[] table;
    private readonly float[] unknown;
    private readonly DenseLayer number;
    private readonly DenseLayer? text;
    private readonly float[] textMean = [];
    private readonly float textScale;
    private readonly NormLayer norm;
    private readonly DenseLayer hidden;
    private readonly DenseLayer output;

    /// <summary>Takes the tensors that <see cref="Save"/> writes.</summary>
    /// <exception cref="RecSysException">A tensor is missing, has a shape that does not fit the others, or belongs to another way to read
    /// items.</exception>
    internal ItemTower(Dictionary<string, WeightTensor> tensors)
    {
        weights = new TowerWeights(tensors, "item tower");
        if (!weights.Values("content.layout", 4).AsSpan().SequenceEqual(LayoutOfThisProgram()))
            throw new RecSysException(
                "The item tower reads items in another way than this program does. Train the model again with this program.");
        Dimension = weights.Shape("norm.weight", 1)[0];
        (scheme, placeOfRow) = ReadScheme(weights);
        table = weights.Values("content.table", weights.Length("content.rows"), Dimension);
        unknown = weights.Values("unknown", 1, Dimension);
        number = new DenseLayer(weights.Values("number.weight", Dimension, ItemContentScheme.NumberCount), new float[Dimension]);
        if (weights.HasPart("text."))
        {
            TextDimension = weights.Shape("text.weight", 2)[1];
            text = new DenseLayer(weights.Values("text.weight", Dimension, TextDimension), new float[Dimension]);
            (textMean, textScale) = (weights.Values("text.mean", TextDimension), weights.Values("text.scale", 1)[0]);
        }
        norm = weights.Norm("norm", Dimension);
        var width = weights.Shape("hidden.weight", 2)[0];
        hidden = weights.Dense("hidden", Dimension, width);
        output = weights.Dense("output", width, Dimension);
    }

    /// <summary>Floats per embedding.</summary>
    public int Dimension { get; }

    /// <summary>Floats of the text embedding that the tower was trained with; 0 where n-grams were all it had.</summary>
    public int TextDimension { get; }

    /// <exception cref="RecSysException">The file cannot be read, is damaged, or holds something else.</exception>
    public static ItemTower Load(string safetensorsPath) => new(Safetensors.Read(safetensorsPath));

    public void Save(string path) => weights.Save(path);

    /// <summary>The embedding of an item that training has not seen used and whose text has no embedding yet.</summary>
    /// <inheritdoc cref="Embed(Item, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>
    public void Embed(Item item, Span<float> output) => Embed(item, [], [], output);

    /// <summary>Computes one item embedding.</summary>
    /// <param name="item">Its content; the id is not looked at.</param>
    /// <param name="id">What training learnt of the id, <see cref="Dimension"/> floats; empty for an item that it did not see used.</param>
    /// <param name="text">Embedding of the text, <see cref="TextDimension"/> floats; empty: an average text stands in for it.</param>
    /// <param name="output"><see cref="Dimension"/> floats, of length one.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Embed(Item item, ReadOnlySpan<float> id, ReadOnlySpan<float> text, Span<float> output)
    {
        if (output.Length != Dimension)
            throw new ArgumentException($"Room for {output.Length} values, {Dimension} are needed.", nameof(output));
        if (!id.IsEmpty && id.Length != Dimension)
            throw new ArgumentException($"The id has {id.Length} values, {Dimension} are needed.", nameof(id));
        if (!text.IsEmpty && text.Length != TextDimension)
            throw new ArgumentException($"The text embedding has {text.Length} values, the tower was trained with {TextDimension}.",
                nameof(text));
        var stride = number.Stride;
        var rented = ArrayPool<float>.Shared.Rent(3 * stride + hidden.Stride + TextDimension);
        try
        {
            var x = rented.AsSpan(0, stride);
            var scaled = rented.AsSpan(stride, stride);
            var change = rented.AsSpan(2 * stride, stride);
            var inner = rented.AsSpan(3 * stride, hidden.Stride);
            x.Clear();
            AddContent(item, x[..Dimension], change);
            if (!text.IsEmpty) AddText(text, x[..Dimension], rented.AsSpan(3 * stride + hidden.Stride, TextDimension), change);
            TensorPrimitives.Add(x[..Dimension], id.IsEmpty ? unknown : id, x[..Dimension]);

            norm.Apply(x[..Dimension], scaled[..Dimension]);
            hidden.Apply(scaled, stride, 1, inner);
            // SiLU: x times its sigmoid. The padding stays zero.
            var gate = ArrayPool<float>.Shared.Rent(inner.Length);
            TensorPrimitives.Sigmoid(inner, gate);
            TensorPrimitives.Multiply(inner, gate.AsSpan(0, inner.Length), inner);
            ArrayPool<float>.Shared.Return(gate);
            this.output.Apply(inner, inner.Length, 1, change);
            TensorPrimitives.Add(scaled[..Dimension], change[..Dimension], output);
            TensorPrimitives.Divide(output, Math.Max(TensorPrimitives.Norm<float>(output), 1e-12f), output);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>Tensors of a tower: the module's own, the table rows that count, and how items are read.</summary>
    /// <param name="module">From <see cref="ItemTowerModule.Export"/>.</param>
    /// <param name="content">What the module was trained on.</param>
    /// <param name="rows">Numbers of the table rows that count, rising.</param>
    /// <param name="table">Those rows, [rows × dimension].</param>
    internal static Dictionary<string, WeightTensor> Tensors(Dictionary<string, WeightTensor> module, ItemContent content, int[] rows,
        float[] table)
    {
        var tensors = new Dictionary<string, WeightTensor>(module, StringComparer.Ordinal);
        var scheme = content.Scheme;
        List("content.layout", LayoutOfThisProgram());
        // A float holds whole numbers up to 16,777,216 exactly.
        var (days, ms) = (Math.DivRem(scheme.NowMs, MsPerDay, out var rest) - (rest < 0 ? 1 : 0), rest < 0 ? rest + MsPerDay : rest);
        List("content.now", [days, ms / 1000, ms % 1000]);
        List("content.mean", scheme.Means);
        List("content.scale", scheme.Scales);
        for (var pair = 0; pair < NumberPairs; pair++) List($"content.bands.{pair}", scheme.Edges[pair]);
        List("content.rows", Array.ConvertAll(rows, row => (float)row));
        tensors["content.table"] = new WeightTensor([rows.Length, table.Length / Math.Max(1, rows.Length)], table);
        if (rows.Length == 0) tensors["content.table"] = new WeightTensor([0, module["norm.weight"].Values.Length], []);
        if (content.Text is { } texts)
        {
            List("text.mean", [.. texts.Mean]);
            List("text.scale", [texts.Scale]);
        }
        return tensors;

        void List(string name, float[] values) => tensors[name] = new WeightTensor([values.Length], values);
    }

    private static float[] LayoutOfThisProgram() =>
        [Layout, ItemContentScheme.FieldRows, ItemContentScheme.TextRows, ItemContentScheme.MaxTextRows];

    private static (ItemContentScheme Scheme, int[] PlaceOfRow) ReadScheme(TowerWeights weights)
    {
        var now = weights.Values("content.now", 3);
        var edges = Enumerable.Range(0, NumberPairs)
            .Select(pair => weights.Values($"content.bands.{pair}", weights.Length($"content.bands.{pair}"))).ToArray();
        if (edges.Any(list => list.Length is not (0 or ItemContentScheme.Bands - 1)))
            throw new RecSysException($"The item tower has other than {ItemContentScheme.Bands} bands of a number. Rebuild the model.");
        var rows = weights.Values("content.rows", weights.Length("content.rows"));
        var (kept, places) = (new bool[ItemContentScheme.TableRows], new int[ItemContentScheme.TableRows]);
        for (var place = 0; place < rows.Length; place++)
        {
            if (rows[place] is not (>= 0 and < ItemContentScheme.TableRows) || rows[place] != (int)rows[place] || kept[(int)rows[place]])
                throw new RecSysException(
                    $"The item tower names the table row {rows[place]}, which does not exist or is there twice. Rebuild the model.");
            kept[(int)rows[place]] = true;
            places[(int)rows[place]] = place;
        }
        var nowMs = (long)now[0] * MsPerDay + (long)now[1] * 1000 + (long)now[2];
        return (new ItemContentScheme(nowMs, edges, weights.Values("content.mean", NumberPairs),
            weights.Values("content.scale", NumberPairs), kept), places);
    }

    private void AddContent(Item item, Span<float> x, Span<float> scratch)
    {
        Span<float> numbers = stackalloc float[ItemContentScheme.NumberCount];
        ItemContentScheme.ReadNumbers(item, scheme.NowMs, numbers);
        var (rows, rowWeights) = (new List<int>(64), new List<float>(64));
        scheme.AppendRows(item, numbers, rows, rowWeights);
        for (var i = 0; i < rows.Count; i++)
            TensorPrimitives.MultiplyAdd(table.AsSpan(placeOfRow[rows[i]] * Dimension, Dimension), rowWeights[i], x, x);
        scheme.Standardise(numbers);
        number.Apply(numbers, numbers.Length, 1, scratch);
        TensorPrimitives.Add(x, scratch[..Dimension], x);
    }

    private void AddText(ReadOnlySpan<float> embedding, Span<float> x, Span<float> row, Span<float> scratch)
    {
        TensorPrimitives.Subtract(embedding, textMean, row);
        TensorPrimitives.Multiply(row, textScale, row);
        text!.Apply(row, row.Length, 1, scratch);
        TensorPrimitives.Add(x, scratch[..Dimension], x);
    }
}
