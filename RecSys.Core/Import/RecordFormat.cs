namespace RecSys.Core.Import;

/// <summary>How a file holds its rows.</summary>
public enum RecordFormat
{
    /// <summary>A table with a header line; separated by commas, tabs, semicolons or bars; quoted as in RFC 4180.</summary>
    Csv,
    /// <summary>JSON objects: one per line, or the elements of one array.</summary>
    Json,
    /// <summary>Apache Parquet.</summary>
    Parquet,
}
