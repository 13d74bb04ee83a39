package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A server with a team, and somebody who may do everything.
final class Served implements AutoCloseable {
    static final String TOKEN = "a-token-for-tests-only";
    static final Path TEAM = Path.of("src/test/resources/teams/served.yaml");

    final Tutti tutti;
    final Server server;
    final Client admin;

    Served(Tutti tutti, Server.Options options) {
        this.tutti = tutti;
        server = Server.start(tutti, OperatorToken.of(TOKEN), options);
        assertThat(tutti.own()).isTrue();
        admin = new Client(server.port(), TOKEN);
    }

    static Server.Options options() {
        return new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5)).serving(TEAM);
    }

    /// Without a disk.
    static Served inMemory() {
        return new Served(Tutti.inMemory(), options());
    }

    /// With little patience for readers who take nothing.
    static Served inMemory(Duration patience) {
        return new Served(Tutti.inMemory(), options().patient(patience));
    }

    /// Without a disk, otherwise as told.
    static Served inMemory(Server.Options options) {
        return new Served(Tutti.inMemory(), options);
    }

    static Served in(Path store, Server.Options options) {
        return new Served(Tutti.open(store), options.in(store));
    }

    /// Somebody with a key of their own.
    Client with(String role) throws Exception {
        return new Client(server.port(), key(role, null, null));
    }

    String key(String role, @Nullable String tenant, @Nullable String expires) throws Exception {
        var wanted =
                Value.struct("name", Value.text("a " + role), "role", Value.text(role))
                        .with(field("tenant", tenant))
                        .with(field("expires_at", expires));
        var made = admin.post("/api/v1/keys", wanted);
        assertThat(made.status()).isEqualTo(201);
        return made.body().text("key");
    }

    private static Value.Struct field(String name, @Nullable String text) {
        return text == null ? Value.Struct.EMPTY : Value.struct(name, Value.text(text));
    }

    String begin(String workflow) throws Exception {
        var begun = admin.post("/api/v1/runs", Value.struct("workflow", Value.text(workflow)));
        assertThat(begun.status()).as(new String(begun.bytes(), UTF_8)).isEqualTo(201);
        return begun.body().text("run");
    }

    Value.Struct view(String run) throws Exception {
        return get("/api/v1/runs/" + run + "/view");
    }

    Value.Struct get(String path) throws Exception {
        var answer = admin.get(path);
        assertThat(answer.status())
                .as(path + " " + new String(answer.bytes(), UTF_8))
                .isEqualTo(200);
        return answer.body();
    }

    /// The view, once it is as it should be.
    Value.Struct await(String run, Predicate<Value.Struct> wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            var view = view(run);
            if (wanted.test(view)) {
                return view;
            }
            assertThat(System.nanoTime()).as(view.toString()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    Value.Struct awaitStatus(String run, String status) throws Exception {
        return await(run, view -> view.text("status").equals(status));
    }

    @Override
    public void close() {
        server.close();
        tutti.close();
        admin.close();
    }
}
