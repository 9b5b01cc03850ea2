using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// A prepared statement on SQLite's own interface, for the paths that handle millions of rows: binding and reading cost a
/// fraction of what they cost through ADO.NET, and text can be read without making strings. Parameters count from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt owned;
    private nint statement;

    // Of the first 63 parameters, those that hold a value: most of a row's are and stay null, and need no call.
    private ulong held;

    internal SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out owned), database);
        statement = owned.DangerousGetHandle();
    }

    internal void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            BindNull(parameter);
            return;
        }
        Hold(parameter);
        Span<byte> buffer = stackalloc byte[512];
        Check(SqliteNative.BindText(statement, parameter,
            Encoding.UTF8.TryGetBytes(value, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(value)));
    }

    internal void Bind(int parameter, long? value)
    {
        if (value is not { } number)
        {
            BindNull(parameter);
            return;
        }
        Hold(parameter);
        Check(SqliteNative.BindInt64(statement, parameter, number));
    }

    internal void Bind(int parameter, double? value)
    {
        if (value is not { } number)
        {
            BindNull(parameter);
            return;
        }
        Hold(parameter);
        Check(SqliteNative.BindDouble(statement, parameter, number));
    }

    internal void Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Hold(parameter);
        Check(raw.sqlite3_bind_blob(owned, parameter, value));
    }

    /// <summary>Runs a statement that returns no rows and makes it ready for the next values.</summary>
    /// <returns>Number of rows changed.</returns>
    internal int Execute()
    {
        var code = SqliteNative.Step(statement);
        // Reset repeats the error of the step and is needed either way.
        var reset = SqliteNative.Reset(statement);
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(reset == raw.SQLITE_OK ? code : reset, database);
        return raw.sqlite3_changes(database);
    }

    /// <summary>Runs a statement of which at most the first row is wanted; read it before the next use, then <see cref="Reset"/>.</summary>
    internal bool StepOnce()
    {
        Reset();
        return Step();
    }

    /// <summary>
    /// Ends the reading of rows, so that no read transaction stays open, and makes the statement ready for the next values.
    /// </summary>
    internal void Reset() => _ = SqliteNative.Reset(statement);

    /// <summary>Moves to the next row; false behind the last.</summary>
    internal bool Step()
    {
        var code = SqliteNative.Step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, database);
        return false;
    }

    internal bool IsNull(int column) => SqliteNative.ColumnType(statement, column) == raw.SQLITE_NULL;

    internal long Int64(int column) => SqliteNative.ColumnInt64(statement, column);

    internal long? MaybeInt64(int column) => IsNull(column) ? null : Int64(column);

    internal double? MaybeDouble(int column) => IsNull(column) ? null : Double(column);

    internal string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Utf8(column));

    internal double Double(int column) => SqliteNative.ColumnDouble(statement, column);

    /// <summary>The text's UTF-8 bytes, valid until the next step; empty for NULL.</summary>
    internal ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(owned, column);

    public void Dispose()
    {
        // SQLite refuses a null handle, so that a use after this is an error and no crash.
        statement = 0;
        owned.Dispose();
    }

    // A parameter is null until a value is bound, and a reset keeps what is bound.
    private void BindNull(int parameter)
    {
        if (parameter < 64 && (held & (1UL << parameter)) == 0) return;
        if (parameter < 64) held &= ~(1UL << parameter);
        Check(SqliteNative.BindNull(statement, parameter));
    }

    private void Hold(int parameter)
    {
        if (parameter < 64) held |= 1UL << parameter;
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, database);
    }
}
