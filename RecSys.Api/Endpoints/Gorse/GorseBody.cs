using System.Text.Json;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Import.Rows;
using Row = RecSys.Core.Import.DataSets.JsonObject;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>
/// Bodies as clients of gorse send them: one row, or an array of rows. Fields that nobody knows are passed over, as gorse does.
/// </summary>
internal static class GorseBody
{
    /// <summary>Most rows of one request.</summary>
    public const int MaxRows = 1000;

    /// <summary>Most bytes of one request.</summary>
    public const long MaxBytes = 4 << 20;

    /// <summary>Reads an array of rows.</summary>
    /// <returns>What was read of each, or the refusal, which names every row that is malformed.</returns>
    public static async Task<(IReadOnlyList<T> Rows, IResult? Refusal)> ReadManyAsync<T>(HttpContext http, Func<Row, T> read)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return ([], problem);
        using (body)
        {
            var root = body.RootElement;
            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() > MaxRows)
                return ([], Refusal([new FieldFault("invalid", "", $"must be an array of at most {MaxRows} rows; send more in parts")]));
            var rows = new List<T>(root.GetArrayLength());
            var faults = new List<FieldFault>();
            foreach (var (at, row) in root.EnumerateArray().Index())
            {
                if (Read(row, $"/{at}", read, faults) is { } value) rows.Add(value.Value);
            }
            return faults.Count == 0 ? (rows, null) : ([], Refusal(faults));
        }
    }

    /// <summary>Reads one row; as <see cref="ReadManyAsync"/>.</summary>
    public static async Task<(IReadOnlyList<T> Rows, IResult? Refusal)> ReadOneAsync<T>(HttpContext http, Func<Row, T> read)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return ([], problem);
        using (body)
        {
            var faults = new List<FieldFault>();
            return Read(body.RootElement, "", read, faults) is { } value ? ([value.Value], null) : ([], Refusal(faults));
        }
    }

    /// <summary>The answer to rows that are malformed or were not taken.</summary>
    public static IResult Refusal(IReadOnlyList<FieldFault> faults) => Faults.ToProblem(faults);

    private static Some<T>? Read<T>(JsonElement row, string pointer, Func<Row, T> read, List<FieldFault> faults)
    {
        if (row.ValueKind == JsonValueKind.Object)
        {
            try
            {
                return new Some<T>(read(new Row(row)));
            }
            catch (RowException fault)
            {
                faults.Add(new FieldFault("invalid", pointer, fault.Message));
                return null;
            }
        }
        faults.Add(new FieldFault("wrong_type", pointer, "must be an object"));
        return null;
    }

    private readonly record struct Some<T>(T Value);
}
