package dev.tutti.runtime.engine;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Subscription;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Requests as the payloads of messages.
final class Requests {
    private static final String STAND_IN = "stand_in";

    private final Value.Struct fields;

    private Requests(Value.Struct fields) {
        this.fields = fields;
    }

    // ---- to payloads

    static byte[] encode(Request request) {
        var out = new LinkedHashMap<String, Value>();
        switch (request) {
            case Request.Start(var workflow, var team, var inputs, var standIns, var budget) -> {
                out.put("workflow", Value.text(workflow));
                out.put("team", Json.parse(team.body()));
                out.put("inputs", inputs);
                if (!standIns.isEmpty()) {
                    out.put(
                            STAND_IN,
                            new Value.Array(standIns.stream().map(Requests::standIn).toList()));
                }
                var limits = EventCodec.budget(budget);
                if (limits != null) {
                    out.put("budget", limits);
                }
            }
            case Request.Call(
                            var workflow,
                            var team,
                            var inputs,
                            var origin,
                            var budget,
                            var until) -> {
                out.put("workflow", Value.text(workflow));
                out.put("team", Value.text(team));
                out.put("inputs", inputs);
                out.put("parent", Value.text(origin.parent().value()));
                out.put("token", Value.of(origin.token()));
                out.put("depth", Value.of(origin.depth()));
                var limits = EventCodec.budget(budget);
                if (limits != null) {
                    out.put("budget", limits);
                }
                if (until != null) {
                    out.put("until", Value.text(until.toString()));
                }
            }
            case Request.Fork(var from, var at, var refire, var edit, var reason) -> {
                out.put("from", Value.text(from.value()));
                out.put("at", Value.of(at));
                out.put("refire", Value.of(refire));
                if (!reason.isEmpty()) {
                    out.put("reason", Value.text(reason));
                }
                if (edit != null) {
                    verb(out, edit);
                }
            }
            case Request.Report(var token, var outcome, var used) -> {
                out.put("token", Value.of(token));
                if (used != null) {
                    out.put("used", EventCodec.tally(used));
                }
                report(out, outcome);
            }
            case Request.Deliver(var type, var data) -> {
                out.put("type", Value.text(type));
                out.put("data", data);
            }
            case Request.Hand(var token, var type, var data) -> {
                out.put("token", Value.of(token));
                out.put("type", Value.text(type));
                out.put("data", data);
            }
            case Request.Publish(var event) -> out.putAll(event.value().fields());
            case Request.Subscribe(var await, var since) -> {
                out.putAll(await.value().fields());
                put(out, "since", since == null ? null : since.toString());
            }
            case Request.Unsubscribe(var run, var token) -> {
                out.put("run", Value.text(run.value()));
                out.put("token", Value.of(token));
            }
            case Request.Begin(var workflow, var team, var inputs) -> {
                out.put("workflow", Value.text(workflow));
                out.put("team", Value.text(team));
                out.put("inputs", inputs);
            }
            case Request.Deploy(var name, var from, var team) -> {
                out.put("name", Value.text(name));
                out.put("from", Value.text(from));
                out.put("team", Json.parse(team.body()));
            }
            case Request.Withdraw(var name) -> out.put("name", Value.text(name));
            case Request.Over(var run) -> out.put("run", Value.text(run.value()));
            case Request.Switch(var agent, var on, var reason) -> {
                out.put("agent", Value.text(agent.value()));
                out.put("on", Value.of(on));
                out.put("reason", Value.text(reason));
            }
            case Request.Answer answer -> {
                out.put("question", Value.of(answer.question()));
                out.put("answer", answer.answer());
                out.put("comment", Value.text(answer.comment()));
                put(out, "hash", answer.hash());
                if (answer.edited() != null) {
                    out.put("edited", answer.edited());
                }
            }
            case Request.Intervene(var verb, var reason, var expected) -> {
                out.put("verb", Value.text(verb.word()));
                out.put("reason", Value.text(reason));
                out.put("expected", Value.of(expected));
                verb(out, verb);
            }
        }
        return Json.bytes(new Value.Struct(out));
    }

    private static Value standIn(StandIn one) {
        var out = new LinkedHashMap<String, Value>();
        out.put("task", Value.text(one.task()));
        out.put("output", one.output());
        put(out, "from", one.from() == null ? null : one.from().value());
        if (one.plan() != null) {
            out.put("plan", EventCodec.amendment(one.plan()));
        }
        return new Value.Struct(out);
    }

    private List<StandIn> standIns() {
        if (!(fields.get(STAND_IN) instanceof Value.Array(var items))) {
            return List.of();
        }
        var standIns = new ArrayList<StandIn>();
        for (var item : items) {
            if (!(item instanceof Value.Struct one) || one.get("output") == null) {
                throw new IllegalArgumentException("what stands in has a task and an output");
            }
            var from = one.get("from") instanceof Value.Text(var run) ? new RunId(run) : null;
            var plan = one.get("plan");
            standIns.add(
                    new StandIn(
                            one.text("task"),
                            Objects.requireNonNull(one.get("output")),
                            from,
                            plan == null ? null : EventCodec.amendment(plan)));
        }
        return standIns;
    }

    private static void put(Map<String, Value> out, String name, @Nullable String text) {
        if (text != null) {
            out.put(name, Value.text(text));
        }
    }

    private static void report(Map<String, Value> out, Outcome outcome) {
        var usage = outcome.usage();
        out.put("usd", Value.text(usage.usd().toString()));
        out.put("input_tokens", Value.of(usage.inputTokens()));
        out.put("output_tokens", Value.of(usage.outputTokens()));
        if (!usage.known()) {
            out.put("unknown", Value.of(true));
        }
        switch (outcome) {
            case Outcome.Succeeded(var output, _) -> out.put("output", output);
            case Outcome.Planned _ ->
                    throw new IllegalArgumentException("no run reports an amendment of another");
            case Outcome.HandedOver _ ->
                    throw new IllegalArgumentException("no run hands over the task that it is");
            case Outcome.Failed(var failure, _) -> {
                out.put("code", Value.text(failure.code()));
                out.put("message", Value.text(failure.message()));
                out.put("retryable", Value.of(failure.retryable()));
            }
        }
    }

    private static void verb(Map<String, Value> out, Verb verb) {
        switch (verb) {
            case Verb.Pause _, Verb.Resume _, Verb.Terminate _, Verb.Replan _ -> {}
            case Verb.RaiseBudget(var budget, var by) -> {
                var limits = EventCodec.budget(budget);
                out.put("budget", limits == null ? Value.NULL : limits);
                if (by) {
                    out.put("by", Value.of(true));
                }
            }
            case Verb.Amend(var amendment) -> out.put("amendment", EventCodec.amendment(amendment));
            case Verb.Cancel(var force) -> out.put("force", Value.of(force));
            case Verb.CancelTasks(var tasks) -> out.put("tasks", Value.from(tasks));
            case Verb.Retry(var task, var refire) -> {
                out.put("task", Value.text(task.toString()));
                out.put("refire", Value.of(refire));
            }
            case Verb.Skip(var task, var output) -> {
                out.put("task", Value.text(task.toString()));
                if (output != null) {
                    out.put("output", output);
                }
            }
            case Verb.EditInput(var task, var input) -> {
                out.put("task", Value.text(task.toString()));
                out.put("input", input);
            }
            case Verb.EditOutput(var task, var output) -> {
                out.put("task", Value.text(task));
                out.put("output", output);
            }
            case Verb.Reassign(var task, var agent) -> {
                out.put("task", Value.text(task));
                out.put("agent", Value.text(agent.value()));
            }
            case Verb.Raise(var task, var limit, var value) -> {
                out.put("task", Value.text(task));
                out.put("limit", Value.text(limit));
                out.put("value", Value.of(value));
            }
        }
    }

    // ---- and back

    static Request decode(String kind, byte[] payload) {
        var in = new Requests(fields(payload));
        return switch (kind) {
            case "start" ->
                    new Request.Start(
                            in.text("workflow"),
                            Request.definition(in.struct("team")),
                            in.struct("inputs"),
                            in.standIns(),
                            EventCodec.budget(in.find("budget")));
            case "call" ->
                    new Request.Call(
                            in.text("workflow"),
                            in.text("team"),
                            in.struct("inputs"),
                            new Origin.Child(
                                    new RunId(in.text("parent")),
                                    in.number("token"),
                                    (int) in.number("depth")),
                            EventCodec.budget(in.find("budget")),
                            in.find("until") == null ? null : Instant.parse(in.text("until")));
            case "fork" ->
                    new Request.Fork(
                            new RunId(in.text("from")),
                            in.number("at"),
                            in.flag("refire"),
                            in.find("task") == null ? null : in.edit(),
                            in.find("reason") == null ? "" : in.text("reason"));
            case "report" ->
                    new Request.Report(
                            in.number("token"),
                            in.outcome(),
                            in.find("used") == null ? null : EventCodec.tally(in.value("used")));
            case "deliver" -> new Request.Deliver(in.text("type"), in.value("data"));
            case "hand" -> new Request.Hand(in.number("token"), in.text("type"), in.value("data"));
            case "publish" -> new Request.Publish(CloudEvent.of(in.fields, Instant.EPOCH));
            case "subscribe" ->
                    new Request.Subscribe(
                            Subscription.Await.of(in.fields),
                            in.find("since") == null ? null : Instant.parse(in.text("since")));
            case "unsubscribe" ->
                    new Request.Unsubscribe(new RunId(in.text("run")), in.number("token"));
            case "begin" ->
                    new Request.Begin(in.text("workflow"), in.text("team"), in.struct("inputs"));
            case "deploy" ->
                    new Request.Deploy(
                            in.text("name"),
                            in.text("from"),
                            Request.definition(in.struct("team")));
            case "withdraw" -> new Request.Withdraw(in.text("name"));
            case "over" -> new Request.Over(new RunId(in.text("run")));
            case "switch" ->
                    new Request.Switch(
                            new AgentId(in.text("agent")), in.flag("on"), in.text("reason"));
            case "answer" ->
                    new Request.Answer(
                            in.number("question"),
                            in.value("answer"),
                            in.text("comment"),
                            in.find("hash") == null ? null : in.text("hash"),
                            in.find("edited") == null ? null : in.struct("edited"));
            case "intervene" ->
                    new Request.Intervene(in.verb(), in.text("reason"), in.number("expected"));
            case "cancel" -> Request.cancel(in.text("reason"));
            default -> throw new IllegalArgumentException("not a request: " + kind);
        };
    }

    private static Value.Struct fields(byte[] payload) {
        try {
            return Json.parse(payload) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        } catch (JsonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private Outcome outcome() {
        var usage =
                new Usage(
                        new Money(new BigDecimal(text("usd"))),
                        number("input_tokens"),
                        number("output_tokens"),
                        find("unknown") == null);
        if (find("code") == null) {
            return new Outcome.Succeeded(value("output"), usage);
        }
        return new Outcome.Failed(
                flag("retryable")
                        ? new Failure.Transient(text("code"), text("message"))
                        : new Failure.Permanent(text("code"), text("message")),
                usage);
    }

    Verb.Edit edit() {
        return find("input") != null
                ? new Verb.EditInput(TaskId.parse(text("task")), struct("input"))
                : new Verb.EditOutput(text("task"), value("output"));
    }

    private Verb verb() {
        var word = text("verb");
        return switch (word) {
            case "pause" -> new Verb.Pause();
            case "resume" -> new Verb.Resume();
            case "terminate" -> new Verb.Terminate();
            case "cancel" ->
                    find("tasks") == null
                            ? new Verb.Cancel(flag("force"))
                            : new Verb.CancelTasks(texts("tasks"));
            case "retry" -> new Verb.Retry(TaskId.parse(text("task")), flag("refire"));
            case "skip" -> new Verb.Skip(TaskId.parse(text("task")), find("output"));
            case "edit" -> edit();
            case "reassign" -> new Verb.Reassign(text("task"), new AgentId(text("agent")));
            case "amend" -> new Verb.Amend(EventCodec.amendment(value("amendment")));
            case "replan" -> new Verb.Replan();
            case "raise" ->
                    find("budget") != null
                            ? new Verb.RaiseBudget(EventCodec.budget(find("budget")), flag("by"))
                            : new Verb.Raise(text("task"), text("limit"), number("value"));
            default -> throw new IllegalArgumentException("not a verb: " + word);
        };
    }

    private @Nullable Value find(String name) {
        return fields.get(name);
    }

    private Value value(String name) {
        var value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("`" + name + "` is missing");
        }
        return value;
    }

    private String text(String name) {
        return fields.text(name);
    }

    private List<String> texts(String name) {
        if (value(name) instanceof Value.Array(var items)) {
            return items.stream()
                    .map(item -> item instanceof Value.Text(var text) ? text : "")
                    .toList();
        }
        throw new IllegalArgumentException("`" + name + "` is not a list");
    }

    private Value.Struct struct(String name) {
        if (value(name) instanceof Value.Struct struct) {
            return struct;
        }
        throw new IllegalArgumentException("`" + name + "` is not an object");
    }

    private long number(String name) {
        if (value(name) instanceof Value.Int(var number)) {
            return number;
        }
        throw new IllegalArgumentException("`" + name + "` is not a whole number");
    }

    private boolean flag(String name) {
        return find(name) instanceof Value.Bool(var flag) && flag;
    }
}
