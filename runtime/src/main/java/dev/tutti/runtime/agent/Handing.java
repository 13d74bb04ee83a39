package dev.tutti.runtime.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Passed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// How an agent that only gives results hands its task over: by a result with a field `hand_over`,
/// `{ to: …, what: …, reason: … }`. It means that in tasks that may be handed over, and nothing
/// elsewhere.
public final class Handing {
    /// The field of the result.
    public static final String FIELD = "hand_over";

    /// What who moderates a conversation gives: whose turn it is, or that it is over.
    public static final Type CHOICE = choice();

    private Handing() {}

    private static Type choice() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("next", new Type.Field(Type.Scalar.STRING, false, null));
        fields.put("done", new Type.Field(Type.Scalar.BOOL, false, null));
        fields.put("result", new Type.Field(Type.Any.ANY, false, null));
        return new Type.Struct(fields, true);
    }

    /// Whether the one who is given this moderates.
    public static boolean moderates(Value.Struct input) {
        return input.get(Passed.GROUP) instanceof Value.Struct group
                && Value.of(true).equals(group.get("moderates"));
    }

    /// To whom a task may be handed over by the one who is given this; empty where it may not.
    public static List<String> to(Value.Struct input) {
        return offered(input)
                .map(offer -> offer.get("to"))
                .filter(Value.Array.class::isInstance)
                .map(to -> ((Value.Array) to).items().stream())
                .orElseGet(java.util.stream.Stream::of)
                .filter(Value.Text.class::isInstance)
                .map(name -> ((Value.Text) name).value())
                .toList();
    }

    private static Optional<Value.Struct> offered(Value.Struct input) {
        return input.get(Passed.HAND_OFF) instanceof Value.Struct offer
                ? Optional.of(offer)
                : Optional.empty();
    }

    /// The outcome, or the hand-over that its result stands for.
    ///
    /// @param input what the attempt was given
    public static Outcome read(Value.Struct input, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded(Value.Struct result, var usage)
                && result.get(FIELD) != null
                && offered(input).isPresent()) {
            return handedOver(result.get(FIELD), usage);
        }
        return outcome;
    }

    /// What an agent says when it hands over.
    ///
    /// @param said `{ to: …, what: …, reason: … }`
    public static Outcome handedOver(Value said, Usage usage) {
        if (said instanceof Value.Struct fields
                && fields.get("to") instanceof Value.Text(var to)
                && to.matches("[a-z][a-z0-9_]*")) {
            var what = fields.get("what");
            return new Outcome.HandedOver(
                    new AgentId(to),
                    what == null ? Value.NULL : what,
                    fields.get("reason") instanceof Value.Text(var reason) ? reason : "",
                    usage);
        }
        return new Outcome.Failed(
                new Failure.Rejected(
                        "hand_off",
                        "`hand_over` names an agent, such as `{ to: billing, what: …, reason: … }`"),
                usage);
    }
}
