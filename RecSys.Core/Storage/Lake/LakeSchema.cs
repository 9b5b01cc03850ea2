namespace RecSys.Core.Storage.Lake;

/// <summary>
/// The columns of one sort of file, in order. They are part of the format: a change of them raises
/// <see cref="LakeManifest.NewestFormat"/>. What each means stands in docs/lake.md.
/// </summary>
internal sealed class LakeSchema
{
    /// <summary>Events, by far most entries of the log, with what the resolver recorded for them.</summary>
    internal static readonly LakeSchema Events = new("events",
        ("position", "BIGINT"), ("received_ms", "BIGINT"), ("happened_ms", "BIGINT"), ("event_id", "VARCHAR"), ("user_id", "VARCHAR"),
        ("item", "INTEGER"), ("item_id", "VARCHAR"), ("type", "VARCHAR"), ("meaning", "VARCHAR"), ("value", "DOUBLE"),
        ("amount", "DOUBLE"), ("currency", "VARCHAR"), ("revenue_source", "VARCHAR"), ("place", "INTEGER"), ("request_id", "VARCHAR"),
        ("session_id", "VARCHAR"), ("scenario", "VARCHAR"), ("device", "VARCHAR"), ("location", "VARCHAR"), ("play", "UTINYINT"),
        ("user_clicks", "FLOAT"), ("user_long_views", "FLOAT"), ("item_clicks", "FLOAT"), ("item_long_views", "FLOAT"));

    /// <summary>Entries of all other kinds: few, and all that is needed to know items and users.</summary>
    internal static readonly LakeSchema Changes = new("changes",
        ("position", "BIGINT"), ("received_ms", "BIGINT"), ("happened_ms", "BIGINT"), ("kind", "VARCHAR"), ("item", "INTEGER"),
        ("item_id", "VARCHAR"), ("user_id", "VARCHAR"), ("into_user_id", "VARCHAR"), ("request_id", "VARCHAR"),
        ("shown_items", "INTEGER[]"), ("erased_ids", "VARCHAR[]"), ("title", "VARCHAR"), ("category", "VARCHAR"),
        ("policy_hash", "VARCHAR"), ("payload", "BLOB"));

    /// <summary>Places of served lists; a list without one has a row whose place is null.</summary>
    internal static readonly LakeSchema Served = new LakeSchema("served",
        ("request_id", "VARCHAR"), ("user_id", "VARCHAR"), ("time_ms", "BIGINT"), ("epoch", "BIGINT"), ("position", "BIGINT"),
        ("experiment", "VARCHAR"), ("variant", "VARCHAR"), ("model_version", "VARCHAR"), ("policy_hash", "VARCHAR"),
        ("scenario", "VARCHAR"), ("device", "VARCHAR"), ("location", "VARCHAR"), ("degraded", "VARCHAR[]"), ("not_personal", "VARCHAR"),
        ("latency_ms", "DOUBLE"), ("feature_ms", "BIGINT"), ("catalogue_hash", "VARCHAR"), ("place", "INTEGER"), ("item", "INTEGER"),
        ("item_id", "VARCHAR"), ("sources", "INTEGER"), ("retrieval_score", "FLOAT"), ("retrieval_rank", "INTEGER"),
        ("scores", "FLOAT[]"), ("final_score", "DOUBLE"), ("rank_before_rules", "INTEGER"), ("slot", "VARCHAR"),
        ("propensity", "DOUBLE"), ("features", "FLOAT[]")).And(2, ("pool", "INTEGER[]")).And(3, ("rules_hash", "VARCHAR"));

    private LakeSchema(string name, params (string Name, string Type)[] columns)
    {
        Name = name;
        Columns = [.. columns.Select(column => new LakeColumn(column.Name, column.Type))];
    }

    private LakeSchema(string name, IReadOnlyList<LakeColumn> columns) => (Name, Columns) = (name, columns);

    /// <summary>Beginning of the names of its files.</summary>
    internal string Name { get; }

    internal IReadOnlyList<LakeColumn> Columns { get; }

    private LakeSchema And(int format, params (string Name, string Type)[] columns) => new(
        Name, [.. Columns, .. columns.Select(column => new LakeColumn(column.Name, column.Type) { Since = format })]);

    /// <summary>The sorts of files of a table's day.</summary>
    internal static IReadOnlyList<LakeSchema> Of(LakeTable table) => table == LakeTable.Log ? [Events, Changes] : [Served];
}
