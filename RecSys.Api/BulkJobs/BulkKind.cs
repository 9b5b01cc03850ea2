namespace RecSys.Api.BulkJobs;

/// <summary>What the rows of a file are.</summary>
internal enum BulkKind
{
    Items,
    Users,
    Events,
}
