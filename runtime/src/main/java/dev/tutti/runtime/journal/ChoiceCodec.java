package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an agent was chosen, as the journal keeps it.
final class ChoiceCodec {
    private ChoiceCodec() {}

    // ---- how

    static void encode(Fields out, Choosing choosing) {
        encode(out, choosing.meant());
        if (!choosing.isSaid()) {
            return;
        }
        out.put("policy", choosing.policy()).put("policy_version", choosing.version());
        out.put("considered", choosing.considered());
        if (choosing.instead() != null) {
            out.put("instead", choosing.instead());
        }
        if (!choosing.filters().isEmpty()) {
            out.put(
                    "filters",
                    new Value.Array(choosing.filters().stream().map(ChoiceCodec::filter).toList()));
        }
    }

    private static Value filter(Choosing.Filter filter) {
        return new Fields()
                .put("filter", filter.reason().word())
                .put("agents", Value.from(filter.agents().stream().map(AgentId::value).toList()))
                .put("count", filter.count())
                .struct();
    }

    static Choosing choosing(Fields in) {
        var policy = in.findText("policy");
        var said =
                policy == null
                        ? Choosing.UNSAID
                        : new Choosing(
                                policy,
                                in.text("policy_version"),
                                (int) in.number("considered"),
                                in.find("filters") == null
                                        ? List.of()
                                        : in.list("filters").stream()
                                                .map(ChoiceCodec::filter)
                                                .toList());
        return said.with(meant(in)).instead(in.findText("instead"));
    }

    // ---- who may not

    static void encode(Fields out, Ruling ruling) {
        if (!ruling.denied().isEmpty()) {
            out.put(
                    "denied",
                    new Value.Array(
                            ruling.denied().stream()
                                    .<Value>map(one ->
                                            new Fields()
                                                    .put("agent", one.agent().value())
                                                    .put("rule", one.rule())
                                                    .struct())
                                    .toList()));
        }
        if (ruling.approved() != null) {
            out.put("approved", ruling.approved());
        }
    }

    static Ruling ruling(Fields in) {
        if (in.find("denied") == null && in.find("approved") == null) {
            return Ruling.NONE;
        }
        return new Ruling(
                in.find("denied") == null
                        ? List.of()
                        : in.list("denied").stream().map(ChoiceCodec::denied).toList(),
                in.findText("approved"));
    }

    private static Ruling.Denied denied(Value value) {
        var in = Fields.of(value);
        return new Ruling.Denied(new AgentId(in.text("agent")), (int) in.number("rule"));
    }

    // ---- by which skill

    static void encode(Fields out, @Nullable Meant meant) {
        if (meant == null) {
            return;
        }
        var found = new Fields().put("asked", meant.asked());
        found.put("similarity", new Value.Real(meant.similarity()));
        if (meant.next() != null) {
            found.put("next", meant.next().skill().value());
            found.put("next_similarity", new Value.Real(meant.next().similarity()));
        }
        out.put("meant", found.struct());
    }

    static @Nullable Meant meant(Fields of) {
        if (of.find("meant") == null) {
            return null;
        }
        var in = of.fields("meant");
        var next = in.findText("next");
        return new Meant(
                in.text("asked"),
                in.real("similarity"),
                next == null
                        ? null
                        : new Meant.Near(new SkillId(next), in.real("next_similarity")));
    }

    private static Choosing.Filter filter(Value value) {
        var in = Fields.of(value);
        return new Choosing.Filter(
                Choosing.Reason.of(in.text("filter")),
                in.texts("agents").stream().map(AgentId::new).toList(),
                (int) in.number("count"));
    }

    // ---- among whom

    static Value encode(List<Event.Candidate> candidates) {
        return new Value.Array(candidates.stream().map(ChoiceCodec::encode).toList());
    }

    private static Value encode(Event.Candidate candidate) {
        var out = new Fields().put("agent", candidate.agent().value());
        out.put("score", new Value.Real(candidate.score()));
        if (candidate.excluded() != null) {
            out.put("excluded", candidate.excluded());
        }
        var parts = candidate.parts();
        if (parts != null) {
            out.put(
                    "parts",
                    new Fields()
                            .put("success", new Value.Real(parts.success()))
                            .put("usd", new Value.Real(parts.usd()))
                            .put("seconds", new Value.Real(parts.seconds()))
                            .put("costs", new Value.Real(parts.costs()))
                            .put("drawn", new Value.Real(parts.drawn()))
                            .struct());
        }
        return out.struct();
    }

    static Event.Candidate candidate(Value value) {
        var in = Fields.of(value);
        return new Event.Candidate(
                new AgentId(in.text("agent")),
                in.real("score"),
                in.findText("excluded"),
                parts(in.find("parts")));
    }

    private static Choosing.@Nullable Parts parts(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        var in = Fields.of(value);
        return new Choosing.Parts(
                in.real("success"),
                in.real("usd"),
                in.real("seconds"),
                in.real("costs"),
                in.real("drawn"));
    }
}
