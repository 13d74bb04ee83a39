package dev.tutti.agents.tools.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A database as tools.
@Timeout(30)
class SqlToolboxTest {

    /// Counts for ever.
    private static final String ENDLESS =
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";

    @TempDir @Nullable Path folder;

    private Path folder() {
        return Objects.requireNonNull(folder);
    }

    @BeforeEach
    void make_a_database() throws Exception {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder().resolve("shop.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "create table item (id integer primary key, name text not null, price real, data blob)");
            statement.executeUpdate(
                    "insert into item values (1, 'cup', 2.5, null), (2, 'pot', null, x'0102'), (3, 'o''clock; x', 9, null)");
            statement.executeUpdate("create view cheap as select * from item where price < 3");
        }
    }

    private Toolbox open(String more) {
        var with =
                (Value.Struct) Json.parse(("{'file': 'shop.db'" + more + "}").replace('\'', '"'));
        return new SqlTools().open(new ToolProvider.Settings("shop", "sql", with, folder()));
    }

    private static Tool.Result call(Toolbox toolbox, String name, String arguments)
            throws Exception {
        for (var tool : toolbox.tools()) {
            if (tool.description().name().equals(name)) {
                return tool.call((Value.Struct) Json.parse(arguments), new Given());
            }
        }
        throw new AssertionError("no tool " + name);
    }

    private static String query(Toolbox toolbox, String sql, String... parameters)
            throws Exception {
        var arguments = Value.struct("sql", Value.text(sql));
        if (parameters.length > 0) {
            arguments = arguments.with("parameters", Json.parse(parameters[0].replace('\'', '"')));
        }
        return Json.text(call(toolbox, "query", Json.text(arguments)).content());
    }

    @Test
    void questions_are_answered_with_values_bound() throws Exception {
        try (var toolbox = open("")) {
            assertThat(
                            query(
                                    toolbox,
                                    "select id, name, price, data, 1 as id from item where id < 3"))
                    .isEqualTo(
                            """
                            {"rows":[{"id":1,"name":"cup","price":2.5,"data":null,"id_5":1},\
                            {"id":2,"name":"pot","price":null,"data":"(2 bytes)","id_5":1}],"complete":true}\
                            """);
            assertThat(query(toolbox, "select name from item where id = ? -- why?\n;", "[2]"))
                    .contains("pot");
            assertThat(
                            query(
                                    toolbox,
                                    "select name from item where name = :name and ':no' <> '' /* :nor */",
                                    "{'name': '\\'; drop table item; --'}"))
                    .contains("\"rows\":[]");
            assertThat(query(toolbox, "select name from item where name = :n", "{'n': 'cup'}"))
                    .contains("cup");
            assertThat(query(toolbox, "explain query plan select * from item")).contains("SCAN");
            assertThat(query(toolbox, "values (1), (2)")).contains("\"complete\":true");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into item values (9, 'x', 1, null)",
                "update item set price = 0",
                "delete from item",
                "drop table item",
                "with x as (select 1) delete from item",
                "with x as (delete from item returning *) select * from x",
                "explain analyze delete from item",
                "select * into copy from item",
                "attach database 'other.db' as other",
                "pragma writable_schema = 1",
                "vacuum into 'copy.db'",
                "begin",
                "select 1; drop table item",
                "select 1;; select 2",
                "select 1; -- \n delete from item",
                "/* select */ replace into item values (1, 'x', 1, null)",
                "select ';' ; delete from item",
                "select 'open",
                "select \"open",
                "select /* open",
                "",
                "-- nothing",
                ";"
            })
    void nothing_but_one_question_is_asked(String sql) throws Exception {
        try (var toolbox = open("")) {
            var result = call(toolbox, "query", Json.text(Value.struct("sql", Value.text(sql))));
            assertThat(result.isError()).as(sql).isTrue();
            assertThat(query(toolbox, "select count(*) as n from item")).contains("\"n\":3");
        }
        assertThat(folder().resolve("copy.db")).doesNotExist();
        assertThat(folder().resolve("other.db")).doesNotExist();
    }

    @Test
    void the_connection_itself_changes_nothing() {
        var database =
                new Database(
                        Database.file(folder().resolve("shop.db")),
                        new java.util.Properties(),
                        Duration.ofSeconds(5));
        for (var sql :
                List.of(
                        "delete from item",
                        "attach database 'x.db' as x",
                        "create temp table t (a)")) {
            assertThatThrownBy(() ->
                            database.run(
                                    Sql.read(sql, true),
                                    List.of(),
                                    false,
                                    statement -> statement.execute()))
                    .as(sql)
                    .isInstanceOf(java.sql.SQLException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select $$a;b$$ as x | select $$a;b$$ as x",
                "select $t$ ; $$ $t$ | select $t$ ; $$ $t$",
                "select a::text from t where b = :b | select a::text from t where b = ?",
                "select a[1:2] from t | select a[1:2] from t",
                "select \"a;b\" from t; | select \"a;b\" from t"
            })
    void statements_of_postgres_are_read_as_it_does(String sql, String text) {
        assertThat(Sql.read(sql, false).asQuestion().text().strip()).isEqualTo(text.strip());
    }

    @Test
    void statements_of_postgres_that_hide_something_are_refused() {
        for (var sql :
                List.of(
                        "select E'\\'; drop table t; --'",
                        "select $$ open",
                        "select [a; b]; drop table t")) {
            assertThatThrownBy(() -> Sql.read(sql, false))
                    .as(sql)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void what_does_not_fit_is_said() throws Exception {
        try (var toolbox = open("")) {
            assertThat(query(toolbox, "select * from nowhere")).contains("no such table: nowhere");
            assertThat(query(toolbox, "select ?")).contains("`parameters` has none");
            assertThat(query(toolbox, "select ?", "[1, 2]")).contains("there are 2 parameters");
            assertThat(query(toolbox, "select ?", "{'a': 1}")).contains("given as a list");
            assertThat(query(toolbox, "select :b", "{'a': 1}")).contains("`:b` has no value");
        }
    }

    @Test
    void answers_are_bounded_and_say_so() throws Exception {
        try (var toolbox = open(", 'rows': 2, 'bytes': 1000")) {
            assertThat(query(toolbox, "select id from item"))
                    .startsWith("{\"rows\":[{\"id\":1},{\"id\":2}],\"complete\":false,\"note\":");
            assertThat(query(toolbox, "select printf('%5000s', 'x') as x"))
                    .startsWith("{\"rows\":[],\"complete\":false");
        }
    }

    @Test
    void a_question_without_end_is_given_up() throws Exception {
        try (var toolbox = open(", 'timeout': '300ms'")) {
            assertThatThrownBy(() -> query(toolbox, ENDLESS))
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessage("the database did not answer within 0.3 s");
            assertThat(query(toolbox, "select 1 as one")).contains("\"one\":1");
        }
    }

    @Test
    void a_question_that_nobody_wants_stops() throws Exception {
        try (var toolbox = open("")) {
            var thrown = new AtomicReference<Throwable>();
            var caller =
                    Thread.ofVirtual()
                            .start(() -> thrown.set(catchThrowable(() -> query(toolbox, ENDLESS))));
            Thread.sleep(200);
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(2))).isTrue();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            for (int i = 0; i < 100 && isAtWork(); i++) {
                Thread.sleep(20);
            }
            assertThat(isAtWork()).isFalse();
        }
    }

    private static boolean isAtWork() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("sql"));
    }

    @Test
    void changes_are_made_only_where_they_are_granted() throws Exception {
        try (var toolbox = open("")) {
            assertThat(toolbox.tools())
                    .extracting(tool -> tool.description().name())
                    .containsExactly("query", "schema");
            assertThat(toolbox.tools()).allMatch(tool -> tool.description().readOnly());
        }
        try (var toolbox = open(", 'write': true")) {
            var execute = toolbox.tools().getLast().description();
            assertThat(execute.name()).isEqualTo("execute");
            assertThat(execute.readOnly()).isFalse();
            assertThat(
                            call(
                                    toolbox,
                                    "execute",
                                    "{\"sql\": \"update item set price = ? where id = ?\", \"parameters\": [1, 2]}"))
                    .isEqualTo(Tool.Result.of(Value.struct("changed", Value.of(1))));
            for (var sql :
                    List.of(
                            "pragma writable_schema = 1",
                            "attach 'a.db' as a",
                            "begin",
                            "delete from item; select 1")) {
                assertThat(
                                call(
                                                toolbox,
                                                "execute",
                                                Json.text(Value.struct("sql", Value.text(sql))))
                                        .isError())
                        .as(sql)
                        .isTrue();
            }
            assertThat(query(toolbox, "select price from item where id = 2")).contains("1.0");
            assertThat(query(toolbox, "delete from item")).contains("only SELECT");
        }
    }

    @Test
    void the_schema_names_tables_views_and_columns() throws Exception {
        try (var toolbox = open("")) {
            assertThat(Json.text(call(toolbox, "schema", "{\"table\": \"item\"}").content()))
                    .startsWith(
                            """
                            {"tables":[{"name":"item","kind":"table","columns":[\
                            {"name":"id","type":"INTEGER","nullable":true,"key":true},\
                            {"name":"name","type":"TEXT","nullable":false,"key":false},\
                            """);
            assertThat(Json.text(call(toolbox, "schema", "{}").content()))
                    .contains("\"name\":\"cheap\",\"kind\":\"view\"");
        }
    }

    @Test
    void questions_are_declared_by_name() throws Exception {
        var queries =
                ", 'queries': {'by_name': {'sql': 'select id from item where name = :name or name = :name', 'input': {'name': 'string'}, 'description': 'Finds.'}}";
        try (var toolbox = open(queries)) {
            var tool = toolbox.tools().getLast().description();
            assertThat(tool.text()).isEqualTo("Finds.");
            assertThat(Json.text(tool.input())).contains("\"required\":[\"name\"]");
            assertThat(Json.text(call(toolbox, "by_name", "{\"name\": \"o'clock; x\"}").content()))
                    .contains("\"id\":3");
        }
    }

    @Test
    void settings_that_do_not_fit_are_refused_with_the_mend() {
        assertThatThrownBy(() -> open(", 'url': 'jdbc:sqlite:x'"))
                .hasMessageContaining("either `file`");
        assertThatThrownBy(() -> open(", 'writes': true"))
                .hasMessageContaining("`writes` is not known");
        assertThatThrownBy(() -> open(", 'queries': {'q': {'sql': 'delete from item'}}"))
                .hasMessageContaining("tools.shop.with.queries.q.sql: only SELECT");
        assertThatThrownBy(() -> open(", 'queries': {'q': {'sql': 'select :a'}}"))
                .hasMessageContaining("write `input: { a: string }`");
        assertThatThrownBy(() -> open(", 'queries': {'query': {'sql': 'select 1'}}"))
                .hasMessageContaining("is none of [execute, query, schema]");
        var missing = Value.struct("file", Value.text("nowhere.db"));
        assertThatThrownBy(() ->
                        new SqlTools()
                                .open(new ToolProvider.Settings("s", "sql", missing, folder())))
                .hasMessageContaining("there is no database file");
        assertThat(Files.exists(folder().resolve("nowhere.db"))).isFalse();
        var driver = Value.struct("url", Value.text("jdbc:oracle:thin:@host"));
        assertThatThrownBy(() ->
                        new SqlTools()
                                .open(new ToolProvider.Settings("s", "sql", driver, folder())))
                .hasMessageContaining("put its jar on the class path");
    }
}
