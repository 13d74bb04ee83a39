package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Busy;
import dev.tutti.Refusal;
import dev.tutti.Topics;
import dev.tutti.core.event.Value;
import dev.tutti.document.ContractsDocument;
import dev.tutti.document.TriggersDocument;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Publishes messages, as CloudEvents 1.0 come over HTTP, and shows them.
///
/// Structured mode (`application/cloudevents+json`), binary mode (attributes in `ce-` headers, the
/// data in the body), batches (`application/cloudevents-batch+json`), and plain JSON, where what is
/// missing is filled in.
public final class MessageRoutes {
    static final String MESSAGES = "/api/v1/messages";
    private static final String TOPICS = "/api/v1/topics";
    private static final String JSON = "application/json";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_IN_A_BATCH = 1_000;
    private static final int MOST_SHOWN = 1_000;
    private static final int USUALLY_SHOWN = 100;
    private static final List<String> ATTRIBUTES =
            List.of("specversion", "id", "source", "type", "subject", "time");

    private final Desk desk;

    public MessageRoutes(Desk desk) {
        this.desk = desk;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.post(
                                MESSAGES,
                                Right.OPERATE,
                                this::publish,
                                "Publishes a message: a CloudEvent in structured or binary mode, or"
                                        + " a batch.")
                        .query("topic", "where; or the attribute `topic` of the event")
                        .takes(
                                Map.of(
                                        "specversion", "string?",
                                        "id", "string?",
                                        "source", "string?",
                                        "type", "string",
                                        "subject", "string?",
                                        "time", "string?",
                                        "topic", "string?",
                                        "data", "any?"))
                        .gives(202, JSON)
                        .shows("Published"),
                Route.post(
                                "/api/v1/deploy",
                                Right.OPERATE,
                                this::deploy,
                                "Lets the triggers of the team that is served begin runs from now on,"
                                        + " in place of those that it had before.")
                        .takes(Map.of("as", "string?", "team", "string?"))
                        .shows("Deployed"),
                Route.post(
                                "/api/v1/triggers/{name}/remove",
                                Right.OPERATE,
                                this::remove,
                                "Lets the triggers of what is deployed under this name begin no more"
                                        + " runs.")
                        .shows("Removed"),
                Route.get(
                                "/api/v1/triggers",
                                Right.VIEW,
                                this::triggers,
                                "What begins runs by itself, as it was deployed.")
                        .shows("Triggers"),
                Route.get(
                                "/api/v1/contracts",
                                Right.VIEW,
                                this::contracts,
                                "Who hears what and says what, in the workflows where nobody plans.")
                        .shows("Contracts"),
                Route.get(TOPICS, Right.VIEW, this::topics, "The topics that have messages.")
                        .shows("Topics"),
                Route.get(
                                TOPICS + "/{topic}/messages",
                                Right.VIEW,
                                this::messages,
                                "The messages of a topic, and what each led to.")
                        .query("after", "the message that the page follows; 0")
                        .query("limit", "how many, 1000 at most; 100")
                        .shows("Messages"));
    }

    // ---- publishing

    /// An event and where it is to be published.
    private record Addressed(String topic, CloudEvent event) {}

    private void publish(Context request) throws InterruptedException {
        var type = mediaType(request);
        var bytes = Body.bytes(request, MOST_BYTES);
        List<Addressed> events =
                switch (type) {
                    case STRUCTURED -> List.of(structured(request, Body.json(bytes), false));
                    case BATCH -> batch(request, Body.json(bytes));
                    default ->
                            request.header("ce-specversion") != null
                                    ? List.of(binary(request, type, bytes))
                                    : plain(request, type, bytes);
                };
        var topics = desk.tutti().inTheNameOf(Caller.of(request).name()).topics();
        try {
            for (var one : events) {
                desk.admission().admit(() -> publish(topics, one));
            }
        } catch (Busy busy) {
            request.header("retry-after", String.valueOf(busy.retryAfter().toSeconds()));
            throw new Problem(429, "busy", String.valueOf(busy.getMessage()));
        } catch (Refusal refusal) {
            throw Problem.badRequest(String.valueOf(refusal.getMessage()));
        }
        answer(
                request,
                202,
                Value.struct(
                        "published",
                        new Value.Array(
                                events.stream()
                                        .<Value>map(one -> Value.text(one.event().id()))
                                        .toList())));
    }

    private static boolean publish(Topics topics, Addressed one) throws InterruptedException {
        topics.publish(one.topic(), one.event());
        return true;
    }

    private static String mediaType(Context request) {
        var type = request.header("content-type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private List<Addressed> batch(Context request, Value body) {
        if (!(body instanceof Value.Array(var items)) || items.size() > MOST_IN_A_BATCH) {
            throw Problem.badRequest(
                    "a batch is a list of events, " + MOST_IN_A_BATCH + " at most");
        }
        return items.stream().map(item -> structured(request, item, false)).toList();
    }

    private List<Addressed> plain(Context request, String type, byte[] bytes) {
        if (!type.equals(JSON)) {
            throw new Problem(
                    415,
                    "wrong_type",
                    "send a CloudEvent: `Content-Type: " + STRUCTURED + "`, or `ce-` headers");
        }
        return List.of(structured(request, Body.json(bytes), true));
    }

    /// @param fill whether what is missing is made up: an id, the source, the version
    private Addressed structured(Context request, Value body, boolean fill) {
        if (!(body instanceof Value.Struct fields)) {
            throw Problem.badRequest("an event is an object");
        }
        var event = fill ? filled(request, fields) : fields;
        var topic =
                fields.get("topic") instanceof Value.Text(var name)
                        ? name
                        : request.queryParam("topic");
        return addressed(topic, event);
    }

    private Value.Struct filled(Context request, Value.Struct fields) {
        var made =
                desk.tutti()
                        .topics()
                        .event("/" + Caller.of(request).name(), "-", null, null, Value.NULL)
                        .value();
        var all = new LinkedHashMap<>(made.fields());
        all.remove("type");
        all.putAll(fields.fields());
        return new Value.Struct(all);
    }

    private static Addressed binary(Context request, String type, byte[] bytes) {
        var fields = new LinkedHashMap<String, Value>();
        for (var name : ATTRIBUTES) {
            var header = request.header("ce-" + name);
            if (header != null) {
                fields.put(name, Value.text(decoded(header)));
            }
        }
        boolean isJson = type.equals(JSON) || type.endsWith("+json");
        if (bytes.length > 0 && isJson) {
            fields.put("data", Body.json(bytes));
        } else if (bytes.length > 0) {
            fields.put("datacontenttype", Value.text(type));
            if (type.startsWith("text/")) {
                fields.put("data", Value.text(new String(bytes, StandardCharsets.UTF_8)));
            } else {
                fields.put("data_base64", Value.text(Base64.getEncoder().encodeToString(bytes)));
            }
        }
        var topic = request.queryParam("topic");
        return addressed(
                topic == null ? request.header("ce-topic") : topic, new Value.Struct(fields));
    }

    /// Headers have what is not plain ASCII percent-encoded.
    private static String decoded(String header) {
        try {
            return URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return header;
        }
    }

    private static Addressed addressed(@Nullable String topic, Value.Struct event) {
        if (topic == null) {
            throw Problem.badRequest(
                    "say where: `?topic=…`, or the attribute `topic` of the event");
        }
        try {
            return new Addressed(topic, CloudEvent.of(event, Instant.now()));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("this is no CloudEvent: " + e.getMessage());
        }
    }

    /// Only the team that is served: a team file says what programs are started, which is up to
    /// whoever starts the server.
    private void deploy(Context request) throws InterruptedException {
        var body = Body.of(request);
        var read = desk.team().required();
        TeamRoutes.requireSame(desk, read.team(), body.text("team", ""));
        var file = desk.team().name().orElse("");
        var name = body.text("as", file.replaceFirst("\\.[^.]*$", ""));
        var key = desk.key(request, "deploy", body);
        asked(request, topics -> topics.deploy(name, file, read.team(), key));
        answer(request, 200, Value.struct("deployed", Value.text(name)));
    }

    private void remove(Context request) throws InterruptedException {
        var body = Body.of(request);
        var name = request.pathParam("name");
        var board = desk.tutti().topics().board();
        var key = desk.key(request, "triggers/" + name + "/remove", body);
        if (board.deployment(name).isEmpty() && (key == null || !board.knows(key))) {
            throw new Problem(404, "no_triggers", "nothing is deployed under this name");
        }
        asked(request, topics -> topics.withdraw(name, key));
        answer(request, 200, Value.struct("removed", Value.text(name)));
    }

    /// What is asked of the topics.
    private interface Asked {
        void of(Topics topics) throws InterruptedException;
    }

    /// Asks it in the name of whoever asks.
    private void asked(Context request, Asked asked) throws InterruptedException {
        var topics = desk.tutti().inTheNameOf(Caller.of(request).name()).topics();
        try {
            desk.admission()
                    .admit(() -> {
                        asked.of(topics);
                        return true;
                    });
        } catch (Busy busy) {
            request.header("retry-after", String.valueOf(busy.retryAfter().toSeconds()));
            throw new Problem(429, "busy", String.valueOf(busy.getMessage()));
        } catch (Refusal refusal) {
            throw Desk.refused(refusal);
        }
    }

    // ---- looking

    private void triggers(Context request) {
        answer(request, 200, TriggersDocument.of(desk.tutti().topics().board()));
    }

    private void contracts(Context request) {
        var found = new ArrayList<Value>();
        desk.team()
                .read()
                .ifPresent(read -> {
                    for (var workflow : read.members().workflows()) {
                        var choreography = workflow.choreography();
                        if (choreography != null) {
                            found.add(
                                    ContractsDocument.of(read.members(), workflow, choreography)
                                            .document());
                        }
                    }
                });
        answer(request, 200, Value.struct("contracts", new Value.Array(found)));
    }

    private void topics(Context request) {
        var topics = desk.tutti().topics();
        answer(
                request,
                200,
                Value.struct(
                        "topics",
                        new Value.Array(
                                topics.names().stream()
                                        .<Value>map(name ->
                                                Value.struct(
                                                        "topic",
                                                        Value.text(name),
                                                        "messages",
                                                        Value.of(topics.count(name))))
                                        .toList())));
    }

    private void messages(Context request) {
        long after = Desk.number(request, "after", 0, 0, Long.MAX_VALUE);
        int limit = (int) Desk.number(request, "limit", USUALLY_SHOWN, 1, MOST_SHOWN);
        List<Topics.Seen> page;
        try {
            page = desk.tutti().topics().after(request.pathParam("topic"), after, limit);
        } catch (Refusal refusal) {
            throw Problem.badRequest(String.valueOf(refusal.getMessage()));
        }
        answer(
                request,
                200,
                Value.struct(
                        "next",
                        page.size() < limit ? Value.NULL : Value.of(page.getLast().sequence()),
                        "messages",
                        new Value.Array(page.stream().<Value>map(MessageRoutes::shown).toList())));
    }

    private static Value shown(Topics.Seen seen) {
        return Value.struct(
                "sequence",
                Value.of(seen.sequence()),
                "at",
                Value.text(seen.at().toString()),
                "event",
                seen.posted().event().value(),
                "reactions",
                new Value.Array(
                        seen.posted().reactions().stream().<Value>map(Posted::value).toList()));
    }
}
