package dev.tutti.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Lineage;
import dev.tutti.core.history.Piece;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A lineage for programs and pages, and its pieces in words.
public final class LineageDocument {
    private static final int BRIEF_HASH = 12;

    private LineageDocument() {}

    /// All of it: what it is of, `nodes` and `edges`.
    public static Value.Struct of(Lineage lineage) {
        var run = lineage.of().run();
        var document = new LinkedHashMap<String, Value>();
        document.put("run", Value.text(run.value()));
        document.put("of", Value.text(id(lineage.of(), run)));
        document.put("forward", Value.of(lineage.forward()));
        document.put("cut", Value.of(lineage.cut()));
        document.put(
                "nodes",
                new Value.Array(
                        lineage.pieces().stream()
                                .<Value>map(piece -> node(lineage, piece, run))
                                .toList()));
        document.put(
                "edges",
                new Value.Array(
                        lineage.edges().stream()
                                .<Value>map(edge ->
                                        Value.struct(
                                                "from",
                                                Value.text(id(edge.piece(), run)),
                                                "to",
                                                Value.text(id(edge.on(), run)),
                                                "how",
                                                Value.text(
                                                        edge.how().name().toLowerCase(Locale.ROOT)),
                                                "place",
                                                Value.text(edge.place())))
                                .toList()));
        return new Value.Struct(document);
    }

    /// One name for each piece, the same every time.
    ///
    /// @param run whose pieces are named without it
    public static String id(Piece piece, RunId run) {
        return piece.run().equals(run) ? piece.id() : piece.run() + "/" + piece.id();
    }

    private static Value node(Lineage lineage, Piece piece, RunId run) {
        var trust = lineage.trust().get(piece);
        var node = new LinkedHashMap<String, Value>();
        node.put("id", Value.text(id(piece, run)));
        node.put("kind", Value.text(kind(piece)));
        node.put("run", Value.text(piece.run().value()));
        node.put("task", RunDocument.task(piece.task()));
        node.put("event", piece.at() == 0 ? Value.NULL : Value.of(piece.at()));
        node.put("title", Value.text(title(piece)));
        node.put("by", Value.text(by(piece)));
        node.put("detail", Value.text(detail(piece)));
        node.put("trust", trust == null ? Value.NULL : Value.text(trust.word()));
        node.put("cost", RunDocument.cost(piece.usage()));
        more(piece, node);
        return new Value.Struct(node);
    }

    private static void more(Piece piece, Map<String, Value> node) {
        switch (piece) {
            case Piece.Output output -> {
                node.put("goal", Value.text(output.goal()));
                node.put("status", Value.text(output.status().word()));
            }
            case Piece.Asked asked -> node.put("input", Value.text(asked.input()));
            case Piece.Result result -> {
                node.put("means", Value.text(result.means().word()));
                node.put("agent", agent(result.agent()));
                node.put("token", Value.of(result.token()));
                node.put("iteration", Value.of(result.iteration()));
            }
            case Piece.Joined joined -> {
                node.put("items", Value.of(joined.items()));
                node.put("resolved", joined.by() == null ? Value.NULL : Value.text(joined.by()));
                node.put("confidence", new Value.Real(joined.confidence()));
                node.put(
                        "dissent",
                        new Value.Array(
                                joined.dissent().stream()
                                        .<Value>map(LineageDocument::position)
                                        .toList()));
            }
            case Piece.Turn turn -> {
                node.put("part", Value.text(turn.part().word()));
                node.put("agent", agent(turn.agent()));
                node.put("token", Value.of(turn.token()));
            }
            case Piece.Noted noted -> {
                node.put("note", Value.text(noted.note().key()));
                node.put("version", Value.of(noted.note().version()));
            }
            case Piece.Message message -> {
                node.put("message", Value.text(message.message()));
                node.put("type", Value.text(message.type()));
            }
            case Piece.Answer answer -> {
                node.put("question", Value.of(answer.question()));
                node.put("purpose", Value.text(answer.purpose().word()));
                node.put("people", Value.from(answer.by()));
            }
            case Piece.Edited _ -> {
                // Who it was is in the envelope of the event.
            }
            case Piece.Call call -> {
                node.put("token", Value.of(call.since()));
                node.put("step", Value.of(call.number()));
                node.put("called", Value.text(call.kind()));
                node.put("name", Value.text(call.name()));
            }
            case Piece.Artifact artifact -> {
                node.put("hash", Value.text(artifact.hash()));
                node.put("size", Value.of(artifact.size()));
                node.put("media_type", Value.text(artifact.mediaType()));
                node.put("name", Value.text(artifact.name()));
            }
        }
    }

    private static Value agent(@Nullable AgentId agent) {
        return agent == null ? Value.NULL : Value.text(agent.value());
    }

    private static Value position(Position position) {
        return Value.struct(
                "answer",
                position.answer(),
                "agents",
                Value.from(position.agents()),
                "sources",
                Value.from(position.sources()),
                "share",
                new Value.Real(position.share()));
    }

    // ---- in words

    /// What kind of piece it is.
    public static String kind(Piece piece) {
        return switch (piece) {
            case Piece.Output _ -> "output";
            case Piece.Asked _ -> "input";
            case Piece.Result _ -> "result";
            case Piece.Joined _ -> "list";
            case Piece.Turn _ -> "attempt";
            case Piece.Noted _ -> "note";
            case Piece.Message _ -> "message";
            case Piece.Answer _ -> "answer";
            case Piece.Edited _ -> "edit";
            case Piece.Call _ -> "call";
            case Piece.Artifact _ -> "artifact";
        };
    }

    /// What it is called.
    public static String title(Piece piece) {
        return switch (piece) {
            case Piece.Output output -> "output of " + Printable.line(output.goal());
            case Piece.Asked asked -> "input " + asked.input();
            case Piece.Result result ->
                    result.iteration() == 0
                            ? result.task().toString()
                            : result.task() + " result " + (result.iteration() + 1);
            case Piece.Joined joined -> joined.task().toString();
            case Piece.Turn turn -> turn.task().toString();
            case Piece.Noted noted -> "note " + noted.note();
            case Piece.Message message -> "message " + Printable.line(message.type());
            case Piece.Answer answer -> "answer to question " + answer.question();
            case Piece.Edited edited -> "edit of " + edited.task();
            case Piece.Call call -> call.kind() + " " + Printable.line(call.name());
            case Piece.Artifact artifact ->
                    "artifact "
                            + (artifact.name().isBlank()
                                    ? artifact.hash().substring(0, BRIEF_HASH)
                                    : Printable.line(artifact.name()));
        };
    }

    /// Who made it, or empty.
    public static String by(Piece piece) {
        return switch (piece) {
            case Piece.Result result -> made(result);
            case Piece.Turn turn -> turn.agent() == null ? "" : turn.agent().value();
            case Piece.Answer answer ->
                    answer.by().isEmpty()
                            ? "nobody in time"
                            : Printable.line(String.join(", ", answer.by()));
            case Piece.Edited _ -> "a person";
            case Piece.Output output -> "run " + output.run();
            case Piece.Noted noted -> noted.task().toString();
            case Piece.Asked _, Piece.Joined _, Piece.Message _, Piece.Call _, Piece.Artifact _ ->
                    "";
        };
    }

    private static String made(Piece.Result result) {
        return switch (result.means()) {
            case AGENT, CHILD -> result.agent() == null ? "" : result.agent().value();
            case PERSON -> result.agent() == null ? "a person" : result.agent().value();
            case MESSAGE, SKIPPED, FAILED -> "";
        };
    }

    /// What else is to be said of it in a few words, or empty.
    public static String detail(Piece piece) {
        return switch (piece) {
            case Piece.Output output -> output.status().word();
            case Piece.Result result ->
                    switch (result.means()) {
                        case AGENT, PERSON -> "";
                        case CHILD -> "a run of its own";
                        case MESSAGE -> "by message";
                        case SKIPPED -> "skipped";
                        case FAILED -> "failed";
                    };
            case Piece.Joined joined -> joined(joined);
            case Piece.Turn turn ->
                    switch (turn.part()) {
                        case AT_WORK -> "at work";
                        case PASSED -> "let it pass";
                        case REFUSED -> "refused it";
                        case HANDED_ON -> "handed it on";
                    };
            case Piece.Answer answer -> answer.purpose().word();
            case Piece.Message message -> Printable.line(message.message());
            case Piece.Artifact artifact ->
                    Printable.line(artifact.mediaType())
                            + ", "
                            + Figures.bytes(artifact.size())
                            + ", "
                            + artifact.hash().substring(0, BRIEF_HASH);
            case Piece.Asked _, Piece.Noted _, Piece.Edited _, Piece.Call _ -> "";
        };
    }

    private static String joined(Piece.Joined joined) {
        var items = Figures.count(joined.items(), joined.by() == null ? "item" : "answer");
        if (joined.by() == null) {
            return items;
        }
        int others = joined.dissent().size() - 1;
        return items
                + ", "
                + joined.by()
                + ", "
                + Figures.percent(joined.confidence())
                + (others > 0 ? ", dissent: " + Figures.count(others, "other answer") : "");
    }
}
