package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.history.Lineage;
import dev.tutti.core.history.Lineage.Edge;
import dev.tutti.core.history.Lineage.How;
import dev.tutti.core.history.Piece;
import dev.tutti.view.Figures;
import dev.tutti.view.LineageDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A lineage as a tree of rows: each piece is told once, under the first that rests on it.
public final class LineageLines {
    /// Pieces that are alike beside one another are told so often, and then counted.
    private static final int ALIKE = 2;

    private static final int MOST_ROWS = 400;
    private static final int DEEPEST = 24;

    /// How far down two pieces are compared.
    private static final int LIKENESS = 4;

    private final Lineage lineage;
    private final Map<Piece, List<Edge>> below = new LinkedHashMap<>();
    private final Map<Shape, Integer> shapes = new HashMap<>();
    private final Set<Piece> told = new LinkedHashSet<>();
    private final Table table;
    private final UnaryOperator<String> brief;
    private int rows;

    private record Shape(Piece piece, int depth) {}

    /// A row to come.
    private record Row(int depth, Piece piece, String how, int more) {}

    private LineageLines(Lineage lineage, UnaryOperator<String> brief) {
        this.lineage = lineage;
        this.brief = brief;
        table = new Table(lineage.forward() ? "used by" : "made of", "how", "by", "event", "");
        for (var edge : lineage.edges()) {
            below.computeIfAbsent(
                            lineage.forward() ? edge.on() : edge.piece(), _ -> new ArrayList<>())
                    .add(edge);
        }
    }

    /// The rows, as wide as the screen.
    ///
    /// @param brief shortens the id of a run
    public static List<String> table(Lineage lineage, Screen screen, UnaryOperator<String> brief) {
        var lines = new LineageLines(lineage, brief);
        lines.tell();
        var all = new ArrayList<>(List.of(""));
        all.addAll(lines.table.lines(screen));
        if (lineage.cut() || lines.rows > MOST_ROWS) {
            all.add(screen.signs("… and more"));
        }
        return all;
    }

    // ---- rows

    private Piece other(Edge edge) {
        return lineage.forward() ? edge.piece() : edge.on();
    }

    private List<Edge> below(Piece piece) {
        return below.getOrDefault(piece, List.of());
    }

    private void tell() {
        var open = new ArrayDeque<Row>();
        open.push(new Row(0, lineage.of(), "", 0));
        while (!open.isEmpty() && rows <= MOST_ROWS) {
            var row = open.pop();
            if (row.more() > 0) {
                count(row);
                continue;
            }
            boolean again = !told.add(row.piece());
            row(row, again);
            if (!again && row.depth() < DEEPEST) {
                var next = next(row);
                for (int i = next.size() - 1; i >= 0; i--) {
                    open.push(next.get(i));
                }
                calls(row);
            }
        }
    }

    /// What comes under a row: once each, those alike counted.
    private List<Row> next(Row row) {
        var ways = new LinkedHashMap<Piece, List<Edge>>();
        for (var edge : below(row.piece())) {
            if (edge.how() != How.CALL) {
                ways.computeIfAbsent(other(edge), _ -> new ArrayList<>()).add(edge);
            }
        }
        var alike = new LinkedHashMap<Integer, List<Piece>>();
        ways.forEach((piece, edges) ->
                alike.computeIfAbsent(
                                edges.getFirst().how().word().hashCode() * 31
                                        + shape(piece, LIKENESS),
                                _ -> new ArrayList<>())
                        .add(piece));
        var next = new ArrayList<Row>();
        for (var group : alike.values()) {
            boolean counted = group.size() > ALIKE + 1 && group.getFirst().task() != null;
            int shown = counted ? ALIKE : group.size();
            for (var piece : group.subList(0, shown)) {
                next.add(
                        new Row(
                                row.depth() + 1,
                                piece,
                                how(ways.getOrDefault(piece, List.of())),
                                0));
            }
            if (counted) {
                var first = group.get(shown);
                next.add(new Row(row.depth() + 1, first, "", group.size() - shown));
            }
        }
        return next;
    }

    private static String how(List<Edge> edges) {
        var places = new ArrayList<String>();
        for (var edge : edges) {
            if (!edge.place().isEmpty() && !places.contains(edge.place())) {
                places.add(edge.place());
            }
        }
        var word = edges.isEmpty() ? "" : edges.getFirst().how().word();
        return places.isEmpty() ? word : word + " " + String.join(", ", places);
    }

    private void row(Row row, boolean again) {
        rows++;
        var piece = row.piece();
        boolean leaf = below(piece).isEmpty();
        table.row(
                row.depth() == 0 ? Ink.BOLD : again ? Ink.DIM : Ink.PLAIN,
                "  ".repeat(row.depth())
                        + LineageDocument.title(piece)
                        + (again && !leaf ? " (above)" : ""),
                row.how(),
                piece instanceof Piece.Output output
                        ? "run " + brief.apply(output.run().value())
                        : LineageDocument.by(piece),
                piece.at() == 0 ? "" : Long.toString(piece.at()),
                again ? "" : detail(piece));
    }

    private void count(Row row) {
        rows++;
        table.row(
                Ink.DIM,
                "  ".repeat(row.depth()) + "… " + row.more() + " more alike",
                "",
                "",
                "",
                "");
    }

    private String detail(Piece piece) {
        var parts = new ArrayList<String>();
        var detail = LineageDocument.detail(piece);
        var used = Figures.usage(piece.usage());
        if (!detail.isEmpty()) {
            parts.add(detail);
        }
        if (!used.isEmpty()) {
            parts.add(used);
        }
        if (lineage.trust().get(piece) == Trust.OUTSIDE) {
            parts.add("rests on what came from outside");
        }
        return String.join(", ", parts);
    }

    /// The calls of an attempt, those of the same model or tool together.
    private void calls(Row row) {
        var calls = new LinkedHashMap<String, Usage>();
        var counts = new HashMap<String, Integer>();
        for (var edge : below(row.piece())) {
            if (edge.how() == How.CALL && told.add(other(edge))) {
                var name = LineageDocument.title(other(edge));
                calls.merge(name, other(edge).usage(), Usage::plus);
                counts.merge(name, 1, Integer::sum);
            }
        }
        calls.forEach((name, used) -> {
            rows++;
            table.row(
                    Ink.PLAIN,
                    "  ".repeat(row.depth() + 1) + name,
                    Figures.count(counts.getOrDefault(name, 1), "call"),
                    "",
                    "",
                    Figures.usage(used));
        });
    }

    /// The same for pieces that look the same but for their numbers.
    private int shape(Piece piece, int depth) {
        var known = shapes.get(new Shape(piece, depth));
        if (known != null) {
            return known;
        }
        var task = piece.task();
        int shape =
                (LineageDocument.kind(piece)
                                + (task == null ? LineageDocument.title(piece) : task.name())
                                + LineageDocument.by(piece)
                                + LineageDocument.detail(piece)
                                + (lineage.trust().get(piece) == Trust.OUTSIDE))
                        .hashCode();
        if (task == null || task.item() == TaskId.WHOLE) {
            // What is one of a kind is like itself alone.
            shape = shape * 31 + piece.id().hashCode();
        } else if (depth > 0) {
            var parts = new LinkedHashSet<Integer>();
            for (var edge : below(piece)) {
                parts.add(edge.how().word().hashCode() * 31 + shape(other(edge), depth - 1));
            }
            for (int part : parts) {
                shape = shape * 31 + part;
            }
        }
        shapes.put(new Shape(piece, depth), shape);
        return shape;
    }

    // ---- for viewers

    /// As a flowchart of Mermaid: arrows go from what was there to what was made of it.
    public static List<String> mermaid(Lineage lineage) {
        var run = lineage.of().run();
        var ids = new LinkedHashMap<Piece, String>();
        var lines = new ArrayList<>(List.of("flowchart BT"));
        for (var piece : lineage.pieces()) {
            var id = "p" + ids.size();
            ids.put(piece, id);
            var by = LineageDocument.by(piece);
            lines.add(
                    "  "
                            + id
                            + shape(piece)
                                    .formatted(
                                            quoted(LineageDocument.title(piece))
                                                    + (by.isEmpty() ? "" : "<br/>" + quoted(by))
                                                    + (piece.run().equals(run)
                                                                    || piece instanceof Piece.Output
                                                            ? ""
                                                            : "<br/>run " + piece.run())));
        }
        for (var edge : lineage.edges()) {
            var words = edge.how().word() + (edge.place().isEmpty() ? "" : " " + edge.place());
            lines.add(
                    "  "
                            + ids.get(edge.on())
                            + " -->|\""
                            + quoted(words)
                            + "\"| "
                            + ids.get(edge.piece()));
        }
        return lines;
    }

    private static String shape(Piece piece) {
        return switch (piece) {
            case Piece.Output _, Piece.Result _, Piece.Turn _ -> "[\"%s\"]";
            case Piece.Joined _ -> "[[\"%s\"]]";
            case Piece.Asked _, Piece.Answer _, Piece.Edited _ -> "([\"%s\"])";
            case Piece.Noted _, Piece.Artifact _ -> "[(\"%s\")]";
            case Piece.Message _, Piece.Call _ -> "(\"%s\")";
        };
    }

    private static String quoted(String text) {
        return text.replace("\"", "#quot;").replace("<", "#lt;").replace(">", "#gt;");
    }
}
