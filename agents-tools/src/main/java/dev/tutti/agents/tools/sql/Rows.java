package dev.tutti.agents.tools.sql;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a question is answered with, as values: `rows`, each an object by column, and whether that
/// is all (`complete`).
///
/// @param most rows
/// @param bytes of JSON, all rows together
record Rows(int most, int bytes) {

    Value.Struct read(ResultSet from) throws SQLException {
        var columns = columns(from);
        var rows = new ArrayList<Value>();
        long size = 0;
        boolean complete = true;
        while (from.next()) {
            if (rows.size() == most) {
                complete = false;
                break;
            }
            var row = new LinkedHashMap<String, Value>();
            for (int i = 0; i < columns.size(); i++) {
                row.put(columns.get(i), value(from.getObject(i + 1)));
            }
            var value = new Value.Struct(row);
            size += Json.bytes(value).length;
            if (size > bytes) {
                complete = false;
                break;
            }
            rows.add(value);
        }
        var all = Value.struct("rows", new Value.Array(rows), "complete", Value.of(complete));
        return complete
                ? all
                : all.with(
                        "note",
                        Value.text(
                                "there is more: "
                                        + most
                                        + " rows and "
                                        + bytes
                                        + " bytes are given at most; ask for less"));
    }

    /// Names that are there twice get a number.
    private static List<String> columns(ResultSet from) throws SQLException {
        var columns = new ArrayList<String>();
        var about = from.getMetaData();
        for (int i = 1; i <= about.getColumnCount(); i++) {
            var name = about.getColumnLabel(i);
            columns.add(columns.contains(name) ? name + "_" + i : name);
        }
        return columns;
    }

    private static Value value(@Nullable Object plain) {
        return switch (plain) {
            case null -> Value.NULL;
            case Boolean b -> Value.of(b);
            case BigDecimal number -> Value.text(number.toPlainString());
            case BigInteger number -> Value.text(number.toString());
            case Double number when !Double.isFinite(number) -> Value.text(number.toString());
            case Float number when !Float.isFinite(number) -> Value.text(number.toString());
            case Number number -> Value.from(number);
            case byte[] content -> Value.text("(" + content.length + " bytes)");
            default -> Value.text(plain.toString());
        };
    }
}
