package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Busy;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Signature;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Calls of others that trigger runs. Who calls shows no token but signs what is sent; each call is
/// a message of the topic `hooks`, so that one that comes twice is there once.
public final class HookRoutes {
    private static final Pattern NAMED =
            Pattern.compile("\\$\\{\\s*secret\\.([A-Za-z_][A-Za-z0-9_]*)\\s*}");
    private static final int MOST_BYTES = 1 << 20;

    /// For so long what is deployed is not looked at again.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Desk desk;
    private final Function<String, @Nullable String> secrets;
    private final Clock clock;
    private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

    /// What was deployed at a time.
    private record Seen(Board board, Instant at) {}

    /// @param secrets by their names
    public HookRoutes(Desk desk, Function<String, @Nullable String> secrets, Clock clock) {
        this.desk = desk;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// Adds its route.
    public void add(Routes routes) {
        routes.add(
                Route.post(
                                "/hooks/{hook}",
                                Right.PUBLIC,
                                this::called,
                                "A call that triggers runs, signed as Standard Webhooks has it.")
                        .gives(202, "application/json")
                        .shows("Called")
                        .refuses(401, 429, 503));
    }

    private void called(Context request) throws InterruptedException {
        var hook = request.pathParam("hook");
        var bytes = Body.bytes(request, MOST_BYTES);
        var id = request.header(Signature.ID);
        var why =
                signature(hook)
                        .fault(
                                id,
                                request.header(Signature.TIMESTAMP),
                                request.header(Signature.SIGNATURE),
                                bytes,
                                clock.instant());
        if (why.isPresent() || id == null) {
            throw new Problem(401, "wrong_signature", why.orElse("") + "; nothing was done");
        }
        var data = bytes.length == 0 ? Value.NULL : Body.json(bytes);
        try {
            var event =
                    new CloudEvent(id, "/hooks/" + hook, hook, null, clock.instant(), null, data);
            var topics = desk.tutti().inTheNameOf("hook/" + hook).topics();
            desk.admission()
                    .admit(() -> {
                        topics.publish(Board.HOOKS, event);
                        return true;
                    });
        } catch (Busy busy) {
            request.header("retry-after", String.valueOf(busy.retryAfter().toSeconds()));
            throw new Problem(429, "busy", String.valueOf(busy.getMessage()));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("this cannot be kept: " + e.getMessage());
        }
        answer(request, 202, Value.struct("taken", Value.text(id)));
    }

    private Signature signature(String hook) {
        var place =
                secret(board(), hook)
                        .orElseThrow(() ->
                                new Problem(404, "no_hook", "nothing is triggered by this path"));
        var named = NAMED.matcher(place);
        var secret = named.matches() ? secrets.apply(named.group(1)) : null;
        if (secret == null || secret.isBlank()) {
            throw new Problem(
                    503,
                    "no_secret",
                    "the server does not have the secret of this hook: its environment variable is"
                            + " not set");
        }
        return Signature.with(secret);
    }

    private static Optional<String> secret(Board board, String hook) {
        return board.triggers().stream()
                .map(one -> one.trigger().source())
                .filter(Source.OnWebhook.class::isInstance)
                .map(Source.OnWebhook.class::cast)
                .filter(source -> source.path().equals(hook))
                .map(Source.OnWebhook::secret)
                .findFirst();
    }

    private Board board() {
        var known = seen.get();
        var now = clock.instant();
        if (known == null || Duration.between(known.at(), now).abs().compareTo(FRESH) > 0) {
            known = new Seen(desk.tutti().topics().board(), now);
            seen.set(known);
        }
        return known.board();
    }
}
