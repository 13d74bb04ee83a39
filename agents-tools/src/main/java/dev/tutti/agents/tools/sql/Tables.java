package dev.tutti.agents.tools.sql;

import dev.tutti.core.event.Value;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a database consists of, for whoever asks it.
final class Tables {
    private static final int MOST = 200;
    private static final int MOST_COLUMNS = 200;
    private static final Set<String> SYSTEM =
            Set.of("pg_catalog", "information_schema", "pg_toast");

    private Tables() {}

    /// @param only the one table to look at, or null for all
    static Value.Struct read(DatabaseMetaData about, @Nullable String only) throws SQLException {
        var tables = new ArrayList<Value>();
        boolean complete = true;
        try (var found = about.getTables(null, null, "%", new String[] {"TABLE", "VIEW"})) {
            while (found.next()) {
                var schema = found.getString("TABLE_SCHEM");
                var name = found.getString("TABLE_NAME");
                boolean ours = schema == null || !SYSTEM.contains(schema);
                if (!ours
                        || name.startsWith("sqlite_")
                        || (only != null && !only.equalsIgnoreCase(name))) {
                    continue;
                }
                if (tables.size() == MOST) {
                    complete = false;
                    break;
                }
                tables.add(table(about, schema, name, found.getString("TABLE_TYPE")));
            }
        }
        return Value.struct("tables", new Value.Array(tables), "complete", Value.of(complete));
    }

    private static Value table(
            DatabaseMetaData about, @Nullable String schema, String name, String type)
            throws SQLException {
        var keys = new HashSet<String>();
        try (var found = about.getPrimaryKeys(null, schema, name)) {
            while (found.next()) {
                keys.add(found.getString("COLUMN_NAME"));
            }
        }
        var columns = new ArrayList<Value>();
        var escape = about.getSearchStringEscape();
        try (var found = about.getColumns(null, schema, literal(name, escape), "%")) {
            while (found.next() && columns.size() < MOST_COLUMNS) {
                var column = found.getString("COLUMN_NAME");
                columns.add(
                        Value.struct(
                                "name", Value.text(column),
                                "type", Value.text(String.valueOf(found.getString("TYPE_NAME"))),
                                "nullable",
                                        Value.of(
                                                found.getInt("NULLABLE")
                                                        != DatabaseMetaData.columnNoNulls),
                                "key", Value.of(keys.contains(column))));
            }
        }
        return Value.struct(
                "name",
                        Value.text(
                                schema == null || schema.equals("public")
                                        ? name
                                        : schema + "." + name),
                "kind", Value.text(type.equalsIgnoreCase("VIEW") ? "view" : "table"),
                "columns", new Value.Array(columns));
    }

    /// A name is no pattern.
    private static String literal(String name, @Nullable String escape) {
        if (escape == null || escape.isEmpty()) {
            return name;
        }
        return name.replace("_", escape + "_").replace("%", escape + "%");
    }
}
