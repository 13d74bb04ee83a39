package dev.tutti.runtime.journal;

import dev.tutti.core.event.Event.Resolved;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.Resolve.Step;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;

/// How several results become one, and what they became, as payloads.
final class ResolveCodec {
    private ResolveCodec() {}

    static Value encode(Resolve resolve) {
        var out = new Fields();
        switch (resolve.by()) {
            case By.Collect _ -> out.put("by", "collect");
            case By.Template(var text) -> out.put("by", "template").put("as", text);
            case By.Merge _ -> out.put("by", "merge");
            case By.Reduce(var text) -> out.put("by", "reduce").put("as", text);
            case By.FirstGood _ -> out.put("by", "first_good");
            case By.KOfN(var k) -> out.put("by", "k_of_n").put("k", k);
            case By.BestOf _ -> out.put("by", "best_of");
            case By.Compose _ -> out.put("by", "compose");
            case By.Custom _ -> out.put("by", "custom");
            case By.Debate(var rounds) -> out.put("by", "debate").put("rounds", rounds);
            case By.Vote _ -> out.put("by", "vote");
            case By.WeightedVote _ -> out.put("by", "weighted_vote");
            case By.Cite _ -> out.put("by", "cite");
            case By.Numeric(var tolerance) ->
                    out.put("by", "numeric").put("tolerance", new Value.Real(tolerance));
        }
        if (resolve.on() != null) {
            out.put("on", resolve.on());
        }
        if (resolve.meaning()) {
            out.put("same", "meaning");
        }
        if (resolve.below() != 0) {
            out.put("below", new Value.Real(resolve.below()));
        }
        if (!resolve.then().isEmpty()) {
            out.put(
                    "then",
                    new Value.Array(resolve.then().stream().map(ResolveCodec::step).toList()));
        }
        return out.struct();
    }

    private static Value step(Step step) {
        return switch (step) {
            case Step.Ask _ -> Value.text("ask");
            case Step.Judge(var performer) -> {
                var out = new Fields();
                TaskCodec.performer(out, performer);
                yield out.struct();
            }
        };
    }

    static Resolve decode(Fields in) {
        var by =
                switch (in.text("by")) {
                    case "collect" -> new By.Collect();
                    case "template" -> new By.Template(in.text("as"));
                    case "merge" -> new By.Merge();
                    case "reduce" -> new By.Reduce(in.text("as"));
                    case "first_good" -> new By.FirstGood();
                    case "k_of_n" -> new By.KOfN((int) in.number("k"));
                    case "best_of" -> new By.BestOf();
                    case "compose" -> new By.Compose();
                    case "custom" -> new By.Custom();
                    case "debate" -> new By.Debate((int) in.number("rounds"));
                    case "vote" -> new By.Vote();
                    case "weighted_vote" -> new By.WeightedVote();
                    case "cite" -> new By.Cite();
                    case "numeric" -> new By.Numeric(real(in, "tolerance"));
                    default ->
                            throw new JournalException(
                                    "corrupt", "nothing resolves by " + in.text("by"), null);
                };
        var steps = new ArrayList<Step>();
        if (in.find("then") != null) {
            for (var step : in.list("then")) {
                steps.add(
                        step instanceof Value.Text
                                ? new Step.Ask()
                                : new Step.Judge(TaskCodec.performer(Fields.of(step))));
            }
        }
        return new Resolve(
                by,
                in.findText("on"),
                in.find("below") == null ? 0 : real(in, "below"),
                steps,
                in.find("same") != null);
    }

    /// A number; one without a fraction may have been written as a whole one.
    private static double real(Fields in, String name) {
        return switch (in.value(name)) {
            case Value.Real(var number) -> number;
            case Value.Int(var number) -> number;
            default -> throw new JournalException("corrupt", name + " is no number", null);
        };
    }

    static Value encode(Resolved resolved) {
        return new Fields()
                .put("output", resolved.output())
                .put("confidence", new Value.Real(resolved.confidence()))
                .put("by", resolved.by())
                .struct();
    }

    static Resolved resolved(Fields in) {
        return new Resolved(in.value("output"), real(in, "confidence"), in.text("by"));
    }

    static double confidence(Fields in) {
        return real(in, "confidence");
    }

    static Value encode(List<Position> answers) {
        return new Value.Array(
                answers.stream()
                        .<Value>map(one ->
                                new Fields()
                                        .put("answer", one.answer())
                                        .put("agents", Value.from(one.agents()))
                                        .put("sources", Value.from(one.sources()))
                                        .put("share", new Value.Real(one.share()))
                                        .struct())
                        .toList());
    }

    static List<Position> positions(Fields in) {
        return in.list("answers").stream()
                .map(Fields::of)
                .map(one ->
                        new Position(
                                one.value("answer"),
                                one.texts("agents"),
                                one.texts("sources"),
                                real(one, "share")))
                .toList();
    }
}
