namespace RecSys.Core.Storage.Lake;

/// <summary>The stores whose days are written.</summary>
public sealed record LakeSource(IEventLog Log, ILogContents Contents, IServedRecordStore ServedRecords)
{
    public static LakeSource Of(IDatabase database) => new(database.EventLog, database.Contents, database.ServedRecords);
}
