namespace RecSys.Core.Import.Rows;

/// <summary>One row is malformed; the message is the reason that stands in the rejects file.</summary>
internal sealed class RowException(string reason) : Exception(reason);
