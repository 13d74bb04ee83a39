package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What agents stored, as others fetch it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ArtifactsOverHttpTest {
    @TempDir Path store;

    private static byte[] content(int size) {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static Run stored(Served served, byte[] content) throws Exception {
        var team =
                Team.define()
                        .agent(
                                "writer",
                                List.of("write"),
                                attempt ->
                                        Outcome.succeeded(
                                                Value.struct(
                                                        "artifact",
                                                        Value.text(
                                                                attempt.store(
                                                                        content,
                                                                        "text/plain",
                                                                        "long.txt")))))
                        .workflow("main", one -> one.task("write", "write", Map.of()));
        var run = served.tutti.submit(team.goal("main", Map.of()));
        run.await();
        return run;
    }

    private static String hash(Run run) {
        return ((Value.Struct) run.load().state().outputs().of("write")).text("artifact");
    }

    private static HttpResponse<byte[]> fetched(Served served, String path) throws Exception {
        var request =
                served.admin.request(path).header("accept-encoding", "gzip, deflate, br").GET();
        return served.admin.http().send(request.build(), BodyHandlers.ofByteArray());
    }

    /// Browsers offer to unpack, and count on the length that is said.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2_000, 300_000})
    void it_comes_as_it_is_whatever_one_could_unpack(int size) throws Exception {
        var content = content(size);
        try (var served = Served.in(store, Served.options())) {
            var run = stored(served, content);
            for (var path :
                    List.of(
                            "/api/v1/runs/" + run.id() + "/artifacts/" + hash(run),
                            "/api/v1/store/artifacts/" + hash(run))) {
                var answer = fetched(served, path);

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
                assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(size);
                assertThat(answer.body()).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 300_000})
    void nobody_has_all_of_what_is_damaged(int size) throws Exception {
        var content = content(size);
        try (var served = Served.in(store, Served.options())) {
            var run = stored(served, content);
            var hash = hash(run);
            content[size - 1]++;
            Files.write(
                    store.resolve("artifacts").resolve(hash.substring(0, 2)).resolve(hash),
                    content);
            var path = "/api/v1/runs/" + run.id() + "/artifacts/" + hash;

            if (size < 65_536) {
                assertThat(fetched(served, path).statusCode()).isEqualTo(500);
            } else {
                assertThatThrownBy(() -> fetched(served, path)).isInstanceOf(IOException.class);
            }
        }
    }
}
