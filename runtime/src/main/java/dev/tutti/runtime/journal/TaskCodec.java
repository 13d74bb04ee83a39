package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.event.Version;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tasks of a plan as payloads. What is as by default is left out, so that a plan stays short on
/// disk and keys that later versions add have their default in old journals.
final class TaskCodec {
    private TaskCodec() {}

    // ---- to payloads

    static Value encode(Task task) {
        var out = new Fields().put("name", task.name());
        performer(out, task.performer());
        out.put("input", task.input());
        texts(out, "dependencies", task.dependencies());
        flow(out, task.flow());
        policy(out, task.policy());
        text(out, "label", task.label());
        if (task.undoes() != null) {
            out.put("undoes", task.undoes().toString());
        }
        flag(out, "plans", task.plans());
        PassingCodec.encode(out, task.passing());
        out.put("notes", NoteCodec.encode(task.sharing()));
        return out.struct();
    }

    static void performer(Fields out, Performer performer) {
        switch (performer) {
            case Performer.BySkill(var skill, var require, var meant) -> {
                out.put("skill", skill.value());
                if (!require.isNone()) {
                    out.put("require", require(require));
                }
                ChoiceCodec.encode(out, meant);
            }
            case Performer.ByAgent(var agent) -> out.put("agent", agent.value());
            case Performer.ByWorkflow(var workflow) -> out.put("workflow", workflow);
            case Performer.ByMessage(
                            var type,
                            var where,
                            var within,
                            var keep,
                            var topic,
                            var key) -> {
                var await = new Fields();
                text(await, "message", type);
                text(await, "where", where);
                time(await, "within", within);
                flag(await, "keep", keep);
                text(await, "topic", topic);
                text(await, "key", key);
                out.put("await", await.struct());
            }
        }
    }

    private static void flow(Fields out, Task.Flow flow) {
        text(out, "when", flow.when());
        var each = flow.each();
        if (each != null) {
            out.put("each", each.of());
            if (each.max() != Task.DEFAULT_MAX) {
                out.put("max", each.max());
            }
            text(out, "each_max", each.most());
            text(out, "each_need", each.need());
            text(out, "each_until", each.until());
            flag(out, "each_goes_on", !each.cancelRest());
            if (each.resolve() != null) {
                out.put("resolve", ResolveCodec.encode(each.resolve()));
            }
        }
        if (flow.loop() != null) {
            out.put(
                    "loop",
                    new Fields()
                            .put("while", flow.loop().condition())
                            .put("max", flow.loop().max())
                            .struct());
        }
        if (flow.join().need() != 0) {
            out.put("need", flow.join().need());
        }
        flag(out, "cancel_rest", flow.join().cancelRest());
        texts(out, "locks", flow.locks());
        texts(out, "cancels", flow.cancels());
        var emit = flow.emit();
        if (emit != null) {
            var message = new Fields().put("message", emit.type()).put("data", emit.data());
            text(message, "to", emit.to());
            text(message, "topic", emit.topic());
            text(message, "key", emit.key());
            out.put("emit", message.struct());
        }
    }

    private static void policy(Fields out, Task.Policy policy) {
        if (!policy.retry().equals(Task.Retry.DEFAULT)) {
            out.put(
                    "retry",
                    new Fields()
                            .put("attempts", policy.retry().attempts())
                            .put("first", policy.retry().first().toString())
                            .put("ceiling", policy.retry().ceiling().toString())
                            .struct());
        }
        ladder(out, policy.ladder());
        time(out, "queued", policy.timeouts().queued());
        time(out, "timeout", policy.timeouts().run());
        time(out, "idle", policy.timeouts().idle());
        time(out, "overall", policy.timeouts().overall());
        texts(out, "accept", policy.gate().accept());
        var verify = policy.gate().verify();
        if (verify != null) {
            var look = new Fields();
            performer(look, verify.performer());
            look.put("input", verify.input()).put("accept", verify.accept());
            out.put("verify", look.struct());
        }
        if (policy.effects() != null) {
            out.put("effects", policy.effects().word());
        }
        if (policy.approval() != null) {
            out.put("approve", policy.approval().value());
        }
        if (policy.escalation() != null) {
            out.put("escalate_to", policy.escalation().value());
        }
        if (!policy.rules().isEmpty()) {
            out.put(
                    "policy",
                    new Value.Array(
                            policy.rules().stream()
                                    .<Value>map(rule ->
                                            Value.struct(
                                                    rule.decision().word(),
                                                    Value.text(rule.condition())))
                                    .toList()));
        }
        var undo = policy.undo();
        if (undo != null) {
            var back = new Fields();
            performer(back, undo.performer());
            out.put("compensate", back.put("input", undo.input()).struct());
        }
    }

    /// A ladder of one rung is a word, as it was before there were more.
    private static void ladder(Fields out, List<Task.Remedy> ladder) {
        var words = ladder.stream().map(Task.Remedy::word).toList();
        if (words.equals(List.of("skip"))) {
            out.put("on_failure", "skip");
        } else if (!words.isEmpty()) {
            out.put("on_failure", Value.from(words));
        }
    }

    private static void text(Fields out, String name, @Nullable String text) {
        if (text != null) {
            out.put(name, text);
        }
    }

    private static void texts(Fields out, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            out.put(name, Value.from(texts));
        }
    }

    private static void time(Fields out, String name, @Nullable Duration time) {
        if (time != null) {
            out.put(name, time.toString());
        }
    }

    private static void flag(Fields out, String name, boolean flag) {
        if (flag) {
            out.put(name, Value.of(true));
        }
    }

    // ---- and back

    static Task decode(Value value) {
        var in = Fields.of(value);
        var undoes = in.findText("undoes");
        return new Task(
                in.text("name"),
                performer(in),
                in.struct("input"),
                in.texts("dependencies"),
                flow(in),
                policy(in),
                in.findText("label"),
                undoes == null ? null : TaskId.parse(undoes),
                in.find("plans") != null,
                PassingCodec.decode(in),
                NoteCodec.sharing(in.find("notes")));
    }

    private static Value.Struct require(Require require) {
        var out = new Fields().put("labels", Value.from(require.labels()));
        if (require.version() != null) {
            out.put("version", require.version().toString());
        }
        return out.struct();
    }

    private static Require require(@Nullable Value value) {
        if (value == null) {
            return Require.NONE;
        }
        var in = Fields.of(value);
        var version = in.findText("version");
        return new Require(
                in.texts("labels"), version == null ? null : Version.of(version).orElseThrow());
    }

    static Performer performer(Fields in) {
        if (in.find("skill") != null) {
            return new Performer.BySkill(
                    new SkillId(in.text("skill")),
                    require(in.find("require")),
                    ChoiceCodec.meant(in));
        }
        if (in.find("agent") != null) {
            return new Performer.ByAgent(new AgentId(in.text("agent")));
        }
        if (in.find("workflow") != null) {
            return new Performer.ByWorkflow(in.text("workflow"));
        }
        var await = in.fields("await");
        return new Performer.ByMessage(
                await.findText("message"),
                await.findText("where"),
                await.duration("within"),
                await.find("keep") != null,
                await.findText("topic"),
                await.findText("key"));
    }

    private static Task.Flow flow(Fields in) {
        var each = in.findText("each");
        return new Task.Flow(
                in.findText("when"),
                each == null
                        ? null
                        : new Task.Each(
                                each,
                                in.find("max") == null ? Task.DEFAULT_MAX : (int) in.number("max"),
                                in.findText("each_need"),
                                in.findText("each_until"),
                                in.find("each_goes_on") == null,
                                in.find("resolve") == null
                                        ? null
                                        : ResolveCodec.decode(in.fields("resolve")),
                                in.findText("each_max")),
                in.find("loop") == null
                        ? null
                        : new Task.Loop(
                                in.fields("loop").text("while"),
                                (int) in.fields("loop").number("max")),
                new Task.Join(
                        in.find("need") == null ? 0 : (int) in.number("need"),
                        in.find("cancel_rest") != null),
                in.texts("locks"),
                in.texts("cancels"),
                in.find("emit") == null
                        ? null
                        : new Task.Emit(
                                in.fields("emit").text("message"),
                                in.fields("emit").struct("data"),
                                in.fields("emit").findText("to"),
                                in.fields("emit").findText("topic"),
                                in.fields("emit").findText("key")));
    }

    private static Task.Policy policy(Fields in) {
        var effects = in.findText("effects");
        var approve = in.findText("approve");
        var escalation = in.findText("escalate_to");
        var undo = in.find("compensate") == null ? null : in.fields("compensate");
        return new Task.Policy(
                in.find("retry") == null ? Task.Retry.DEFAULT : retry(in.fields("retry")),
                ladder(in.find("on_failure")),
                new Task.Timeouts(
                        in.duration("queued"),
                        in.duration("timeout"),
                        in.duration("idle"),
                        in.duration("overall")),
                new Task.Gate(in.texts("accept"), verify(in)),
                effects == null ? null : Task.Effects.valueOf(effects.toUpperCase(Locale.ROOT)),
                approve == null ? null : new AgentId(approve),
                undo == null ? null : new Task.Undo(performer(undo), undo.struct("input")),
                escalation == null ? null : new AgentId(escalation),
                in.find("policy") == null
                        ? List.of()
                        : in.list("policy").stream().map(TaskCodec::rule).toList());
    }

    private static Task.Rule rule(Value value) {
        var rule = Fields.of(value).struct().fields().firstEntry();
        return new Task.Rule(
                Task.Rule.Decision.valueOf(rule.getKey().toUpperCase(Locale.ROOT)),
                ((Value.Text) rule.getValue()).value());
    }

    private static Task.@Nullable Verify verify(Fields in) {
        if (in.find("verify") == null) {
            return null;
        }
        var look = in.fields("verify");
        return new Task.Verify(
                performer(look),
                look.find("input") == null ? null : look.struct("input"),
                look.text("accept"));
    }

    private static List<Task.Remedy> ladder(@Nullable Value value) {
        return switch (value) {
            case null -> List.of();
            case Value.Text(var word) -> List.of(EventCodec.remedy(word));
            default ->
                    new Fields()
                            .put("on_failure", value).texts("on_failure").stream()
                                    .map(EventCodec::remedy)
                                    .toList();
        };
    }

    private static Task.Retry retry(Fields in) {
        return new Task.Retry(
                (int) in.number("attempts"),
                Duration.parse(in.text("first")),
                Duration.parse(in.text("ceiling")));
    }
}
