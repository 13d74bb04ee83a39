package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Busy;
import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.remote.Wire;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Download;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.view.Views;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The store itself, for a command line that works with a server as with a folder: the journal as
/// it is, and what is asked of runs in the form of messages.
public final class StoreRoutes {
    private static final String STORE = Wire.STORE;
    private static final int MOST = 1_000;

    /// A page ends early once it is so long.
    private static final long LONGEST_PAGE = 4L << 20;

    private static final String LIMIT = "limit";
    private static final String AFTER = "after";
    private static final String STREAM = "stream";
    private static final String ID = "id";
    private static final String BINARY = "application/octet-stream";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,99}");
    private static final Pattern RUN = Pattern.compile("[0-9A-Z]{26}");
    private static final Pattern MESSAGE = Pattern.compile("[0-9A-Za-z_.:-]{1,200}");
    private static final Map<String, String> FIELDS =
            Map.of(
                    ID, "string", "tenant", "string", STREAM, "string", "kind", "string", "actor",
                    "string", "at", "string", "payload", "string");

    private final Desk desk;
    private final Views views;
    private final FirstPlans plans;
    private final String version;

    /// @param version of this Tutti, for people
    public StoreRoutes(Desk desk, Views views, FirstPlans plans, String version) {
        this.desk = desk;
        this.views = views;
        this.plans = plans;
        this.version = version;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.get(STORE, Right.VIEW, this::hello, "What a command line is greeted with.")
                        .shows("Store"),
                Route.get(
                                STORE + "/entries",
                                Right.VIEW,
                                this::entries,
                                "The journal as it is: of one stream, or of all in the order of commits.")
                        .query(STREAM, "such as `run/ID`; all")
                        .query(AFTER, "a sequence of the stream, or else a position; 0")
                        .query(LIMIT, "how many, 1000 at most; a page may be shorter")
                        .shows("Entries"),
                Route.get(
                                STORE + "/changed",
                                Right.VIEW,
                                this::changed,
                                "The streams that have entries after a position.")
                        .query(AFTER, "a position; 0")
                        .shows("Streams"),
                Route.get(STORE + "/head", Right.VIEW, this::head, "How long a stream is.")
                        .query(STREAM, "such as `run/ID`")
                        .shows("Head"),
                Route.get(STORE + "/due", Right.VIEW, this::due, "The streams that want attention.")
                        .query(LIMIT, "how many, 100000 at most")
                        .shows("DueStreams"),
                Route.get(
                                STORE + "/messages",
                                Right.VIEW,
                                this::messages,
                                "Messages that nobody has handled yet.")
                        .query(ID, "only this one")
                        .query(LIMIT, "how many, 1000 at most")
                        .shows("StoreMessages"),
                Route.get(
                                STORE + "/definitions/{hash}",
                                Right.VIEW,
                                this::definition,
                                "What a run was started with.")
                        .gives(200, "application/json")
                        .shows("object"),
                Route.get(
                                STORE + "/projections/{name}",
                                Right.VIEW,
                                this::projection,
                                "How far a projection was folded.")
                        .query("version", "which")
                        .shows("Position"),
                Route.get(
                                STORE + "/projections/{name}/rows",
                                Right.VIEW,
                                this::rows,
                                "Rows of a projection, the greatest key first.")
                        .query("below", "a key")
                        .query(LIMIT, "how many, 1000 at most")
                        .shows("Rows"),
                Route.get(
                                STORE + "/artifacts/{hash}",
                                Right.VIEW,
                                this::artifact,
                                "What an agent stored.")
                        .gives(200, BINARY),
                Route.post(
                                STORE + "/plan",
                                Right.OPERATE,
                                this::plan,
                                "The first plan for a goal of the team that is served, as its"
                                        + " planner makes it. Nothing of it is begun.")
                        .takes(
                                Map.of(
                                        "workflow", "string",
                                        "inputs", "object?",
                                        "team", "string?"))
                        .shows("FirstPlan"),
                Route.post(
                                STORE + "/messages",
                                Right.OPERATE,
                                this::operate,
                                "Asks something of a run or a topic, in the form of the journal's messages.")
                        .takes(FIELDS)
                        .shows("Refusal"),
                Route.post(
                                STORE + "/answers",
                                Right.APPROVE,
                                this::reply,
                                "Answers a question, in the form of the journal's messages.")
                        .takes(FIELDS)
                        .shows("Refusal"));
    }

    private void plan(Context request) throws InterruptedException {
        var body = Body.of(request);
        var read = desk.team().required();
        TeamRoutes.requireSame(desk, read.team(), body.text("team", ""));
        var workflow = TeamRoutes.workflow(read.members(), body.text("workflow", ""));
        var planned = plans.of(request, read.team(), workflow, TeamRoutes.inputs(body));
        answer(request, 200, Wire.of(planned.amendment(), planned.usage()));
    }

    // ---- looking

    private void hello(Context request) {
        long position = views.read(JournalReader::position);
        answer(
                request,
                200,
                Value.struct(
                        "format",
                        Value.of(Wire.FORMAT),
                        "version",
                        Value.text(version),
                        "position",
                        Value.of(position)));
    }

    private void entries(Context request) {
        long after = Desk.number(request, AFTER, 0, 0, Long.MAX_VALUE);
        int limit = (int) Desk.number(request, LIMIT, MOST, 1, MOST);
        var read =
                views.read(reader ->
                        request.queryParam(STREAM) == null
                                ? reader.follow(after, limit)
                                : reader.read(stream(request), after, limit));
        int many = fitting(read);
        answer(
                request,
                200,
                Value.struct(
                        "entries",
                        list(read.subList(0, many), Wire::of),
                        "more",
                        Value.of(many < read.size() || read.size() == limit)));
    }

    /// How many make a page that is not too long; one at least, if there is any.
    private static int fitting(List<Entry> entries) {
        long length = 0;
        int many = 0;
        while (many < entries.size() && (many == 0 || length < LONGEST_PAGE)) {
            length += entries.get(many).event().payload().length;
            many++;
        }
        return many;
    }

    private static <T> Value list(List<T> items, Function<T, Value.Struct> each) {
        return new Value.Array(items.stream().<Value>map(each).toList());
    }

    private static StreamId stream(Context request) {
        var name = request.queryParam(STREAM);
        if (name == null || name.isEmpty() || name.length() > 300) {
            throw Problem.badRequest("`stream` names a stream, such as `run/ID`");
        }
        return new StreamId(TenantId.LOCAL, name);
    }

    private void changed(Context request) {
        long after = Desk.number(request, AFTER, 0, 0, Long.MAX_VALUE);
        answer(
                request,
                200,
                Value.struct(
                        "streams",
                        list(views.read(reader -> reader.changedSince(after)), Wire::of)));
    }

    private void head(Context request) {
        var stream = stream(request);
        long head = views.read(reader -> reader.head(stream));
        answer(request, 200, Value.struct("head", Value.of(head)));
    }

    private void due(Context request) {
        int limit = (int) Desk.number(request, LIMIT, MOST, 1, 100_000);
        answer(
                request,
                200,
                Value.struct("due", list(views.read(reader -> reader.due(limit)), Wire::of)));
    }

    private void messages(Context request) {
        var id = request.queryParam(ID);
        int limit = (int) Desk.number(request, LIMIT, MOST, 1, MOST);
        List<Message> found =
                views.read(reader ->
                        id == null ? reader.messages(limit) : reader.message(id).stream().toList());
        answer(request, 200, Value.struct("messages", list(found, Wire::of)));
    }

    private void definition(Context request) {
        var hash = hash(request);
        request.contentType("application/json")
                .result(
                        views.read(reader -> reader.definition(hash))
                                .orElseThrow(StoreRoutes::nothing)
                                .body());
    }

    private void artifact(Context request) {
        var hash = hash(request);
        try {
            Download.send(request, desk.tutti().openArtifact(hash), BINARY);
        } catch (Refusal _) {
            throw nothing();
        }
    }

    private static String hash(Context request) {
        var hash = request.pathParam("hash");
        if (!Sha256.isHash(hash)) {
            throw nothing();
        }
        return hash;
    }

    private static Problem nothing() {
        return new Problem(404, "nothing", "there is nothing under this hash");
    }

    private void projection(Context request) {
        var name = projectionName(request);
        int version = (int) Desk.number(request, "version", 1, 0, Integer.MAX_VALUE);
        long position = views.read(reader -> reader.projectedTo(name, version));
        answer(request, 200, Value.struct("position", Value.of(position)));
    }

    private void rows(Context request) {
        var name = projectionName(request);
        var below = request.queryParam("below");
        int limit = (int) Desk.number(request, LIMIT, MOST, 1, MOST);
        var rows = views.read(reader -> reader.rowsBelow(name, below == null ? "" : below, limit));
        answer(request, 200, Value.struct("rows", list(rows, Wire::of)));
    }

    private static String projectionName(Context request) {
        var name = request.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw new Problem(404, "no_projection", "there is no such projection");
        }
        return name;
    }

    // ---- asking

    private void operate(Context request) throws InterruptedException {
        var message = message(request);
        var tutti = desk.tutti().inTheNameOf(Caller.of(request).name());
        var to = message.to();
        try {
            switch (decoded(message)) {
                case Request.Intervene intervene -> ask(tutti, run(to), intervene, message.id());
                case Request.Deliver deliver -> ask(tutti, run(to), deliver, message.id());
                case Request.Fork fork -> fork(tutti, to, fork, message.id());
                case Request.Publish(var event) when to.isTopic() ->
                        desk.admission()
                                .admit(() -> {
                                    tutti.topics().publish(to.topic(), event);
                                    return true;
                                });
                case Request.Switch(var agent, var on, var reason)
                        when to.equals(StreamId.agents(TenantId.LOCAL)) ->
                        desk.admission()
                                .admit(() -> {
                                    tutti.turn(agent, on, reason, message.id());
                                    return true;
                                });
                case Request.Withdraw(var name) when to.isSubscriptions() ->
                        desk.admission()
                                .admit(() -> {
                                    tutti.topics().withdraw(name, message.id());
                                    return true;
                                });
                default -> throw notHere(message);
            }
            answer(request, 200, Value.struct("refusal", Value.NULL));
        } catch (Refusal refusal) {
            refused(request, refusal);
        } catch (Busy busy) {
            request.header("retry-after", String.valueOf(busy.retryAfter().toSeconds()));
            throw new Problem(429, "busy", String.valueOf(busy.getMessage()));
        }
    }

    private void reply(Context request) throws InterruptedException {
        var message = message(request);
        if (!(decoded(message) instanceof Request.Answer reply)) {
            throw notHere(message);
        }
        var tutti = desk.tutti().inTheNameOf(Caller.of(request).name());
        try {
            ask(tutti, run(message.to()), reply, message.id());
            answer(request, 200, Value.struct("refusal", Value.NULL));
        } catch (Refusal refusal) {
            refused(request, refusal);
        }
    }

    private static void refused(Context request, Refusal refusal) {
        answer(
                request,
                200,
                Value.struct("refusal", Value.text(String.valueOf(refusal.getMessage()))));
    }

    private static Message message(Context request) {
        try {
            var message = Wire.message(Body.of(request).fields());
            if (!MESSAGE.matcher(message.id()).matches()) {
                throw Problem.field("/id", "an id has letters, digits and `_.:-`, 200 at most");
            }
            return message;
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Request decoded(Message message) {
        try {
            return Request.of(message.kind(), message.payload());
        } catch (RuntimeException e) {
            throw Problem.field(
                    "/payload", "this is no `" + message.kind() + "`: " + e.getMessage());
        }
    }

    private static Problem notHere(Message message) {
        return new Problem(
                403, "no_right", "a `" + message.kind() + "` cannot be asked for at this address");
    }

    /// The stream of a run that is there.
    private StreamId run(StreamId to) {
        if (!to.isRun()) {
            throw Problem.field("/stream", "`stream` is that of a run here");
        }
        return StreamId.run(TenantId.LOCAL, desk.run(to.run().value()));
    }

    private void ask(Tutti tutti, StreamId to, Request asked, String id)
            throws InterruptedException {
        desk.admission()
                .admit(() -> {
                    tutti.ask(to, asked, id);
                    return true;
                });
    }

    private void fork(Tutti tutti, StreamId to, Request.Fork fork, String id)
            throws InterruptedException {
        if (!to.isRun() || !RUN.matcher(to.run().value()).matches()) {
            throw Problem.field("/stream", "a fork has an id of its own, of 26 letters and digits");
        }
        desk.run(fork.from().value());
        desk.admission()
                .admitRun(() -> {
                    tutti.ask(StreamId.run(TenantId.LOCAL, to.run()), fork, id);
                    return true;
                });
    }
}
