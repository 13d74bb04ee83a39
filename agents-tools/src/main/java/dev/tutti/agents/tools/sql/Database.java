package dev.tutti.agents.tools.sql;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.ToolUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// Runs statements, each on a connection of its own.
///
/// Drivers wait in native code or on sockets and do not notice interrupts; so a thread of its own
/// does the waiting, and is told to stop when the caller is.
final class Database {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final int MOST_AT_ONCE = 8;

    private final String url;
    private final Properties login;
    private final Duration timeout;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /// @param login `user` and `password`, where needed
    Database(String url, Properties login, Duration timeout) {
        this.url = url;
        this.login = login;
        this.timeout = timeout;
    }

    /// The address of a database that is a file.
    static String file(Path path) {
        return SQLITE + path;
    }

    /// A relative file in an address of SQLite starts from the folder of the team file.
    static String resolved(String url, Path base) {
        if (!url.startsWith(SQLITE)
                || url.startsWith(SQLITE + ":")
                || url.startsWith(SQLITE + "file:")) {
            return url;
        }
        return SQLITE + base.resolve(url.substring(SQLITE.length())).toAbsolutePath().normalize();
    }

    boolean isSqlite() {
        return url.startsWith(SQLITE);
    }

    /// What is done with a connection.
    @FunctionalInterface
    interface Work<T> {
        /// Does it.
        ///
        /// @param running takes each statement before it runs, so that it can be stopped
        T on(Connection connection, AtomicReference<@Nullable Statement> running)
                throws SQLException;
    }

    /// Runs a statement with values bound to it.
    @FunctionalInterface
    interface Run<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    <T> T run(Sql sql, List<Value> values, boolean writes, Run<T> run) throws Exception {
        return with(
                writes,
                (connection, running) -> {
                    try (var statement = connection.prepareStatement(sql.text())) {
                        running.set(statement);
                        for (int i = 0; i < values.size(); i++) {
                            bind(statement, i + 1, values.get(i));
                        }
                        return run.of(statement);
                    }
                });
    }

    private static void bind(PreparedStatement statement, int at, Value value) throws SQLException {
        switch (value) {
            case Value.Null _ -> statement.setObject(at, null);
            case Value.Bool(var b) -> statement.setBoolean(at, b);
            case Value.Int(var n) -> statement.setLong(at, n);
            case Value.Real(var n) -> statement.setDouble(at, n);
            case Value.Text(var text) -> statement.setString(at, text);
            case Value.Array _, Value.Struct _ -> statement.setString(at, Json.text(value));
        }
    }

    /// Does work on a connection that cannot change anything, unless `writes`.
    ///
    /// @throws SQLException when the database refuses
    /// @throws ToolUnavailable when it is not there, or does not answer in time
    <T> T with(boolean writes, Work<T> work) throws Exception {
        long until = System.nanoTime() + timeout.toNanos();
        if (!places.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new ToolUnavailable("the database is busy: " + MOST_AT_ONCE + " statements run");
        }
        var running = new AtomicReference<@Nullable Statement>();
        var result = new CompletableFuture<T>();
        Thread.ofPlatform()
                .daemon()
                .name("sql")
                .start(() -> {
                    try (var connection = open(writes)) {
                        result.complete(work.on(connection, running));
                    } catch (SQLException | RuntimeException e) {
                        result.completeExceptionally(e);
                    } finally {
                        places.release();
                    }
                });
        boolean over = false;
        try {
            var value = result.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            over = true;
            return value;
        } catch (TimeoutException e) {
            throw new ToolUnavailable(
                    "the database did not answer within " + timeout.toMillis() / 1e3 + " s",
                    null,
                    e);
        } catch (ExecutionException e) {
            over = true;
            throw failure(e.getCause() == null ? e : e.getCause());
        } finally {
            if (!over) {
                stop(running.get());
            }
        }
    }

    private static Exception failure(Throwable why) {
        if (why instanceof SQLException sql && isOutage(sql)) {
            return new ToolUnavailable("the database is not there: " + sql.getMessage(), null, sql);
        }
        return why instanceof Exception exception ? exception : new IllegalStateException(why);
    }

    /// Whether trying again later may help: the connection, or somebody else's lock.
    private static boolean isOutage(SQLException e) {
        var state = e.getSQLState() == null ? "" : e.getSQLState();
        int sqlite = e.getErrorCode() & 0xFF;
        boolean locked =
                e.getClass().getName().startsWith("org.sqlite") && (sqlite == 5 || sqlite == 6);
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("40")
                || locked;
    }

    private static void stop(@Nullable Statement statement) {
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException _) {
            // It has just ended.
        }
    }

    private Connection open(boolean writes) throws SQLException {
        if (isSqlite()) {
            return openFile(writes);
        }
        var connection = DriverManager.getConnection(url, login);
        if (!writes) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
        }
        return connection;
    }

    private Connection openFile(boolean writes) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout((int) Math.min(timeout.toMillis(), 5_000));
        config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setReadOnly(!writes);
        var connection = DriverManager.getConnection(url, config.toProperties());
        if (!writes) {
            // What is temporary could still be written.
            try (var statement = connection.createStatement()) {
                statement.execute("pragma query_only = true");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    /// @throws IllegalArgumentException when there is no such database, or nobody who speaks to it
    void requireKnown(String at) {
        var path = isSqlite() ? url.substring(SQLITE.length()).split("[?]", 2)[0] : "";
        if (isSqlite() && !path.startsWith("file:") && !Files.isRegularFile(Path.of(path))) {
            throw new IllegalArgumentException(at + ": there is no database file " + path);
        }
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    at
                            + ": no driver is there for `"
                            + url.split("[?;]", 2)[0]
                            + "`; put its jar on the class path",
                    e);
        }
    }
}
