package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Delegation;
import dev.tutti.core.event.Passing.Errand;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a task goes from agent to agent as a payload, and back.
final class PassingCodec {
    private PassingCodec() {}

    static void encode(Fields out, @Nullable Passing passing) {
        switch (passing) {
            case null -> {}
            case HandOff(var to, int max) ->
                    out.put(
                            "hand_off",
                            new Fields()
                                    .put("to", Value.from(to.stream().map(AgentId::value).toList()))
                                    .put("max", max)
                                    .struct());
            case Delegation(var to, int max) ->
                    out.put(
                            "delegate",
                            new Fields().put("to", Value.from(to)).put("max", max).struct());
            case Errand(var by, var name) ->
                    out.put(
                            "errand",
                            new Fields().put("by", by.toString()).put("name", name).struct());
            case Passing.Ensemble(var agents) ->
                    out.put("ensemble", Value.from(agents.stream().map(AgentId::value).toList()));
            case Group group -> out.put("group", group(group));
        }
    }

    private static Value group(Group group) {
        var out = new Fields();
        var members =
                group.members().stream()
                        .<Value>map(one ->
                                new Fields()
                                        .put("agent", one.agent().value())
                                        .put("about", one.about())
                                        .struct())
                        .toList();
        out.put("members", new Value.Array(members)).put("turns", group.turns().word());
        if (group.moderator() != null) {
            out.put("moderator", group.moderator().value());
        }
        out.put("max", group.max());
        if (group.until() != null) {
            out.put("until", group.until());
        }
        return out.put("result", group.result()).struct();
    }

    static @Nullable Passing decode(Fields in) {
        if (in.find("hand_off") != null) {
            var of = in.fields("hand_off");
            return new HandOff(
                    of.texts("to").stream().map(AgentId::new).toList(), (int) of.number("max"));
        }
        if (in.find("delegate") != null) {
            var of = in.fields("delegate");
            return new Delegation(of.texts("to"), (int) of.number("max"));
        }
        if (in.find("errand") != null) {
            var of = in.fields("errand");
            return new Errand(TaskId.parse(of.text("by")), of.text("name"));
        }
        if (in.find("ensemble") != null) {
            return new Passing.Ensemble(in.texts("ensemble").stream().map(AgentId::new).toList());
        }
        if (in.find("group") == null) {
            return null;
        }
        var of = in.fields("group");
        var moderator = of.findText("moderator");
        return new Group(
                of.list("members").stream()
                        .map(Fields::of)
                        .map(one ->
                                new Passing.Member(
                                        new AgentId(one.text("agent")), one.text("about")))
                        .toList(),
                Passing.Turns.valueOf(of.text("turns").toUpperCase(Locale.ROOT)),
                moderator == null ? null : new AgentId(moderator),
                (int) of.number("max"),
                of.findText("until"),
                of.find("result"));
    }
}
