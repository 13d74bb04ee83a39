package dev.tutti.agents.http;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Performs each attempt by a service: the task's input is posted as JSON, and the answer is the
/// output. A service that says 202 is asked again at the `Location` that it gave until it is done;
/// one that says 429 or 503 with `Retry-After` is asked again then.
///
/// All of it is one step of the attempt: a result on record is not asked for again. The same task
/// with the same input has the same `Idempotency-Key`, whichever attempt it is.
final class HttpAgent implements AgentExecutor {
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECTING)
                    .executor(threads)
                    .build();
    private final Breaker breaker;

    HttpAgent(Breaker breaker) {
        this.breaker = breaker;
    }

    /// A post is an effect of which nothing is known but its answer.
    @Override
    public boolean reportsEffects() {
        return false;
    }

    @Override
    public boolean reportsUsage() {
        return true;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        var settings = HttpSettings.of(attempt.settings());
        try {
            return Outcome.succeeded(
                    attempt.step(step(attempt, settings), () -> call(attempt, settings)).result());
        } catch (Mishap e) {
            return Outcome.failed(e.failure());
        }
    }

    private static Attempt.Step step(Attempt attempt, HttpSettings settings) {
        var url = settings.url();
        return new Attempt.Step(
                "tool",
                "http",
                Value.struct(
                        "host",
                        Value.text(url.getHost()),
                        "path",
                        Value.text(url.getPath()),
                        "input",
                        attempt.input(),
                        "feedback",
                        Value.text(attempt.feedback().orElse(""))));
    }

    private Attempt.Taken call(Attempt attempt, HttpSettings settings) throws Exception {
        if (!breaker.allows()) {
            throw Mishap.later(
                    "breaker_open",
                    "%s failed %d times one after another and is left alone for a while"
                            .formatted(settings.url().getHost(), Breaker.MOST_FAILURES));
        }
        boolean known = false;
        try {
            var result = new Conversation(client, attempt, settings).result();
            breaker.ended(false);
            known = true;
            return result;
        } catch (Mishap e) {
            breaker.ended(e.isDown());
            known = true;
            throw e;
        } finally {
            if (!known) {
                breaker.givenUp();
            }
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
