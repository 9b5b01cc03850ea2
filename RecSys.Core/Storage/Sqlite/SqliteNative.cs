using System.Runtime.InteropServices;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// SQLite's C functions (<see href="https://sqlite.org/c3ref/funclist.html"/>) that are called for every value of every row, on the handle
/// of a prepared statement. Those that only put a number into a statement or take one out of it do not let the collector in.
/// </summary>
internal static unsafe partial class SqliteNative
{
    private const string Library = "e_sqlite3";

    // SQLITE_TRANSIENT: SQLite makes a copy of its own.
    private const nint Copied = -1;

    internal static int BindText(nint statement, int parameter, ReadOnlySpan<byte> utf8)
    {
        // A null pointer would bind NULL in place of the empty text.
        fixed (byte* text = utf8.IsEmpty ? "\0"u8 : utf8) return BindText(statement, parameter, text, utf8.Length, Copied);
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindText(nint statement, int parameter, byte* text, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    internal static partial int BindInt64(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition]
    internal static partial int BindDouble(nint statement, int parameter, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    internal static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    internal static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    internal static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    internal static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    internal static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double"), SuppressGCTransition]
    internal static partial double ColumnDouble(nint statement, int column);
}
