package dev.tutti.document;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Blame.Reason;
import dev.tutti.core.history.Blame.Suspect;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Contribution;
import dev.tutti.core.history.Deviation;
import dev.tutti.core.history.Source;
import dev.tutti.history.Witnesses;
import dev.tutti.view.Figures;
import dev.tutti.view.Places;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who a wrong value may have come from, for programs: what `tutti blame --json` prints, and the
/// sentences that both it and the page of text say.
///
/// @param names runs as whoever reads it knows them
public record BlameDocument(
        Chronicle run,
        Blame.Target target,
        Blame blame,
        Witnesses witnesses,
        Function<RunId, String> names) {
    private static final int MOST_PATHS = 3;

    /// How many suspects were given the same another time.
    public long onRecord() {
        return blame.suspects().stream().filter(BlameDocument::isOnRecord).count();
    }

    private static boolean isOnRecord(Suspect suspect) {
        return suspect.reasons().stream()
                .anyMatch(reason ->
                        switch (reason) {
                            case Reason.Contradicts _, Reason.Confirmed _, Reason.Unsteady _ ->
                                    true;
                            case Reason.StrangeShape _,
                                    Reason.LostTheValue _,
                                    Reason.GaveTheValue _,
                                    Reason.HandedThrough _,
                                    Reason.Skipped _,
                                    Reason.Failed _,
                                    Reason.Passed _,
                                    Reason.FailedBefore _,
                                    Reason.ByPerson _,
                                    Reason.NoRecord _ ->
                                    false;
                        });
    }

    /// Why, in a sentence.
    public String said(Reason reason, Suspect suspect) {
        return switch (reason) {
            case Reason.Contradicts contradicts ->
                    "given the same, it gave something else "
                            + (contradicts.vouched() ? "in run " : times(contradicts.times()))
                            + names.apply(contradicts.run())
                            + " (event "
                            + contradicts.at()
                            + "): "
                            + differences(suspect, contradicts.output());
            case Reason.Confirmed(var other, var times) ->
                    "given the same, it always gave this: "
                            + (times == 1 ? "once more" : Figures.count(times) + " times more")
                            + ", as in run "
                            + names.apply(other);
            case Reason.Unsteady(var alike, var unlike) ->
                    "given the same, it gave this "
                            + Figures.count(alike, "time")
                            + " and something else "
                            + Figures.count(unlike, "time");
            case Reason.StrangeShape(var others) ->
                    "none of its "
                            + Figures.count(others, "other result")
                            + " has a shape like this: "
                            + value(suspect);
            case Reason.LostTheValue _ ->
                    "what is expected was in its input, and is not in what it gave";
            case Reason.GaveTheValue _ -> "it gave what is expected";
            case Reason.HandedThrough _ -> "it handed on what it was given: " + value(suspect);
            case Reason.Skipped _ -> "it was skipped, so nothing went on";
            case Reason.Failed _ -> "it failed, so nothing went on";
            case Reason.Passed(var gate) -> "it passed `" + gate + "`";
            case Reason.FailedBefore(var codes) ->
                    "attempts before had failed: " + Printable.line(String.join(", ", codes), 60);
            case Reason.ByPerson _ -> "a person gave it: " + value(suspect);
            case Reason.NoRecord _ -> "never given the same before; gave " + value(suspect);
        };
    }

    private static String times(int times) {
        return times == 1 ? "in run " : Figures.count(times) + " times, as in run ";
    }

    private static String differences(Suspect suspect, Value other) {
        var found = new ArrayList<String>();
        for (var path : suspect.paths()) {
            var here = Deviation.at(suspect.source().value(), path);
            var there = Deviation.at(other, path);
            Deviation.between(
                            here == null ? Value.NULL : here,
                            there == null ? Value.NULL : there,
                            MOST_PATHS)
                    .forEach(deviation -> {
                        var place = new ArrayList<>(path);
                        place.addAll(deviation.path());
                        found.add(
                                (place.isEmpty() ? "" : Places.text("", place) + " ")
                                        + Places.value(deviation.right())
                                        + ", here "
                                        + Places.value(deviation.left()));
                    });
        }
        return found.stream().limit(MOST_PATHS).collect(Collectors.joining("; "));
    }

    /// What of it went on.
    public static String value(Suspect suspect) {
        return suspect.paths().stream()
                .limit(MOST_PATHS)
                .map(path ->
                        (path.isEmpty() ? "" : Places.text("", path) + " ")
                                + Places.value(Deviation.at(suspect.source().value(), path)))
                .collect(Collectors.joining(", "));
    }

    /// The document.
    public Value.Struct document() {
        var suspects = new ArrayList<Value>();
        int rank = 1;
        for (var suspect : blame.suspects()) {
            suspects.add(document(rank++, suspect));
        }
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.start().run().value()),
                "task",
                RunDocument.task(target.task()),
                "paths",
                paths(target.paths()),
                "expected",
                target.expected() == null ? Value.NULL : target.expected(),
                "other_runs",
                Value.of(blame.runs()),
                "same_inputs",
                witnesses.alike().<Value>map(other -> Value.text(other.value())).orElse(Value.NULL),
                "on_record",
                Value.of(onRecord()),
                "suspects",
                new Value.Array(suspects),
                "no_part",
                Value.from(blame.unmoved().stream().map(TaskId::toString).toList()));
    }

    private Value document(int rank, Suspect suspect) {
        var source = suspect.source();
        var fields = new LinkedHashMap<String, Value>();
        fields.put("rank", Value.of(rank));
        fields.put("task", RunDocument.task(source.task()));
        fields.put("event", Value.of(source.at()));
        fields.put("share", new Value.Real(suspect.share()));
        fields.put("contradicts", Value.of(suspect.contradicts()));
        fields.put("paths", paths(suspect.paths()));
        var result = source instanceof Source.Result(var contribution) ? contribution : null;
        fields.put("by", Value.text(result == null ? "person" : result.means().word()));
        fields.put("agent", agent(result));
        fields.put("input", result == null ? Value.NULL : result.input());
        fields.put("output", source.value());
        fields.put(
                "reasons",
                new Value.Array(
                        suspect.reasons().stream()
                                .<Value>map(reason -> reason(reason, suspect))
                                .toList()));
        return new Value.Struct(fields);
    }

    private static Value agent(@Nullable Contribution result) {
        return result == null || result.agent() == null
                ? Value.NULL
                : Value.text(result.agent().value());
    }

    private Value.Struct reason(Reason reason, Suspect suspect) {
        var kind =
                switch (reason) {
                    case Reason.Contradicts _ -> "contradicts";
                    case Reason.Confirmed _ -> "confirmed";
                    case Reason.Unsteady _ -> "unsteady";
                    case Reason.StrangeShape _ -> "strange_shape";
                    case Reason.LostTheValue _ -> "lost_the_value";
                    case Reason.GaveTheValue _ -> "gave_the_value";
                    case Reason.HandedThrough _ -> "handed_through";
                    case Reason.Skipped _ -> "skipped";
                    case Reason.Failed _ -> "failed";
                    case Reason.Passed _ -> "passed";
                    case Reason.FailedBefore _ -> "failed_before";
                    case Reason.ByPerson _ -> "by_person";
                    case Reason.NoRecord _ -> "no_record";
                };
        var document =
                Value.struct("kind", Value.text(kind), "said", Value.text(said(reason, suspect)));
        return switch (reason) {
            case Reason.Contradicts contradicts ->
                    document.with("run", Value.text(contradicts.run().value()))
                            .with("event", Value.of(contradicts.at()))
                            .with("output", contradicts.output())
                            .with("times", Value.of(contradicts.times()));
            case Reason.Confirmed(var other, var times) ->
                    document.with("run", Value.text(other.value())).with("times", Value.of(times));
            case Reason.Unsteady _,
                    Reason.StrangeShape _,
                    Reason.LostTheValue _,
                    Reason.GaveTheValue _,
                    Reason.HandedThrough _,
                    Reason.Skipped _,
                    Reason.Failed _,
                    Reason.Passed _,
                    Reason.FailedBefore _,
                    Reason.ByPerson _,
                    Reason.NoRecord _ ->
                    document;
        };
    }

    private static Value paths(List<List<String>> paths) {
        return Value.from(paths.stream().map(path -> Places.text("output", path)).toList());
    }
}
