package dev.tutti.agents.tools.sql;

import dev.tutti.agents.tools.Inputs;
import dev.tutti.agents.tools.With;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.Toolbox;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A database as tools: `query` and `schema`, `execute` where changes are granted, and one tool for
/// each question that the team file declares.
final class SqlToolbox implements Toolbox {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ROWS = 200;
    private static final int MOST_ROWS = 10_000;
    private static final int BYTES = 256 << 10;
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_QUERIES = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> OURS = Set.of("query", "schema", "execute");

    private final Database database;
    private final Rows rows;
    private final List<Tool> tools = new ArrayList<>();

    SqlToolbox(With with, Path base) {
        with.only(
                "file", "url", "user", "password", "write", "queries", "rows", "bytes", "timeout");
        database = database(with, base);
        database.requireKnown(with.at());
        rows =
                new Rows(
                        with.count("rows", ROWS, MOST_ROWS),
                        with.count("bytes", BYTES, MOST_BYTES));
        tools.add(new Asking(new Tool.Description("query", QUERY, statement(), true), null, false));
        tools.add(new Looking());
        if (with.flag("write")) {
            tools.add(
                    new Asking(
                            new Tool.Description("execute", EXECUTE, statement(), false),
                            null,
                            true));
        }
        var queries = with.within("queries");
        for (var name : queries.fields().fields().keySet()) {
            tools.add(declared(name, queries.within(name)));
        }
        if (tools.size() > MOST_QUERIES) {
            throw with.wrong("there are more than " + MOST_QUERIES + " queries");
        }
    }

    private static final String QUERY =
            "Asks the database with one SQL statement (SELECT, WITH, VALUES or EXPLAIN). Write `?` or"
                    + " `:name` for each value and give the values as `parameters`.";
    private static final String EXECUTE =
            "Changes the database with one SQL statement. Write `?` or `:name` for each value and give"
                    + " the values as `parameters`.";

    private static Database database(With with, Path base) {
        if (with.has("file") == with.has("url")) {
            throw with.wrong(
                    "either `file`, a database of SQLite, or `url`, such as"
                            + " jdbc:postgresql://host/database");
        }
        var url =
                with.text("file")
                        .map(file -> Database.file(base.resolve(file).toAbsolutePath().normalize()))
                        .orElseGet(() -> Database.resolved(with.needed("url", "jdbc:…"), base));
        if (!url.startsWith("jdbc:")) {
            throw with.wrong("`url` begins with jdbc:, such as jdbc:postgresql://host/database");
        }
        var login = new Properties();
        with.text("user").ifPresent(user -> login.setProperty("user", user));
        with.text("password").ifPresent(password -> login.setProperty("password", password));
        return new Database(url, login, with.time("timeout", TIMEOUT));
    }

    private static Value.Struct statement() {
        return Value.struct(
                "type",
                Value.text("object"),
                "properties",
                Value.struct(
                        "sql",
                        Value.struct("type", Value.text("string")),
                        "parameters",
                        Value.struct(
                                "description",
                                Value.text(
                                        "a list of values for `?`, or an object of values for `:name`"),
                                "type",
                                Value.array(Value.text("array"), Value.text("object")))),
                "required",
                Value.array(Value.text("sql")),
                "additionalProperties",
                Value.of(false));
    }

    /// A question that the team file asks, of which an agent gives the values only.
    private Tool declared(String name, With query) {
        query.only("sql", "input", "description");
        if (!NAME.matcher(name).matches() || OURS.contains(name)) {
            throw query.wrong(
                    "a name has letters, digits, `_` and `-`, and is none of "
                            + OURS.stream().sorted().toList());
        }
        var schema = Inputs.schema(query.within("input"));
        Sql sql;
        try {
            sql =
                    Sql.read(
                                    query.needed("sql", "select * from orders where id = :id"),
                                    database.isSqlite())
                            .asQuestion();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(query.at() + ".sql: " + e.getMessage(), e);
        }
        for (var value : sql.names()) {
            if (value.isEmpty()) {
                throw query.wrong("write `:name` instead of `?`, with the name in `input`");
            }
            if (!Inputs.names(schema).contains(value)) {
                throw query.wrong(
                        "`sql` has :"
                                + value
                                + ", which `input` does not describe; write `input: { "
                                + value
                                + ": string }`");
            }
        }
        var text = query.text("description").orElse("Asks the database: " + sql.text());
        return new Asking(new Tool.Description(name, text, schema, true), sql, false);
    }

    @Override
    public List<Tool> tools() {
        return List.copyOf(tools);
    }

    /// A statement as a tool: one that is given, or the one that was declared.
    private final class Asking implements Tool {
        private final Description description;
        private final @Nullable Sql declared;
        private final boolean writes;

        private Asking(Description description, @Nullable Sql declared, boolean writes) {
            this.description = description;
            this.declared = declared;
            this.writes = writes;
        }

        @Override
        public Description description() {
            return description;
        }

        @Override
        public Result call(Value.Struct arguments, Attempt attempt) throws Exception {
            try {
                var sql = declared == null ? given(arguments) : declared;
                var values =
                        values(sql, declared == null ? arguments.get("parameters") : arguments);
                return Result.of(
                        database.run(
                                sql,
                                values,
                                writes,
                                statement -> {
                                    if (!statement.execute()) {
                                        return Value.struct(
                                                "changed", Value.of(statement.getUpdateCount()));
                                    }
                                    try (var found = statement.getResultSet()) {
                                        return rows.read(found);
                                    }
                                }));
            } catch (IllegalArgumentException | SQLException e) {
                return Result.error(String.valueOf(e.getMessage()));
            }
        }

        private Sql given(Value.Struct arguments) {
            var sql = Sql.read(arguments.text("sql"), database.isSqlite());
            return writes ? sql.asChange() : sql.asQuestion();
        }
    }

    private static List<Value> values(Sql sql, @Nullable Value given) {
        return switch (given) {
            case Value.Array(var items) -> {
                if (items.size() != sql.names().size()
                        || !sql.names().stream().allMatch(String::isEmpty)) {
                    throw new IllegalArgumentException(
                            "the statement has "
                                    + sql.names().size()
                                    + " values "
                                    + sql.names()
                                    + ", and there are "
                                    + items.size()
                                    + " parameters in a list");
                }
                yield items;
            }
            case Value.Struct struct -> named(sql, struct, true);
            case null, default -> {
                if (!sql.names().isEmpty()) {
                    throw new IllegalArgumentException(
                            "the statement has values, and `parameters` has none");
                }
                yield List.of();
            }
        };
    }

    /// @param all whether every name needs a value; without, it is null
    private static List<Value> named(Sql sql, Value.Struct given, boolean all) {
        var values = new ArrayList<Value>();
        for (var name : sql.names()) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("values of `?` are given as a list");
            }
            var value = given.get(name);
            if (value == null && all) {
                throw new IllegalArgumentException("`:" + name + "` has no value");
            }
            values.add(value == null ? Value.NULL : value);
        }
        return values;
    }

    /// The tables and their columns.
    private final class Looking implements Tool {

        @Override
        public Description description() {
            return new Description(
                    "schema",
                    "The tables and views of the database and their columns.",
                    Inputs.schema(
                            new With(
                                    "schema",
                                    Value.struct(
                                            "table",
                                            Value.struct(
                                                    "type", Value.text("string"),
                                                    "description", Value.text("only this one"),
                                                    "optional", Value.of(true))))),
                    true);
        }

        @Override
        public Result call(Value.Struct arguments, Attempt attempt) throws Exception {
            var only = arguments.get("table") instanceof Value.Text(var table) ? table : null;
            try {
                return Result.of(
                        database.with(
                                false,
                                (connection, _) -> Tables.read(connection.getMetaData(), only)));
            } catch (SQLException e) {
                return Result.error(String.valueOf(e.getMessage()));
            }
        }
    }
}
