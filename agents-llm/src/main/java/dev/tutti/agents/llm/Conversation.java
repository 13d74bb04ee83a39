package dev.tutti.agents.llm;

import dev.tutti.agents.llm.ModelCall.Recorded;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.agents.llm.provider.TokenCount;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a model and its tools say to each other in one attempt, until there is an answer.
///
/// Follows from the input and who changed it, the settings, the feedback and the steps, and from
/// nothing else. So a fault that a reply on record has led to is permanent, or a rejection with
/// feedback: the same record would lead there again.
final class Conversation {
    /// Replies in a row that nothing could be made of.
    private static final int MOST_MISTAKES = 3;

    private static final int TAIL = 160;

    private final Settings settings;
    private final Models models;
    private final Toolbelt belt;
    private final PastPlans past;
    private final Attempt attempt;
    private final Answer answer;
    private final Tally tally = new Tally();
    private final List<Message> messages = new ArrayList<>();

    /// So many messages have been put in a step.
    private int told;

    private List<Tool.Description> tools = List.of();
    private int model;
    private int mistakes;
    private int repairs;
    private int continuations;

    /// The answer as far as it goes, where the model was cut off.
    private final StringBuilder begun = new StringBuilder();

    Conversation(Settings settings, Models models, Toolbelt belt, PastPlans past, Attempt attempt) {
        this.settings = settings;
        this.models = models;
        this.belt = belt;
        this.past = past;
        this.attempt = attempt;
        answer = new Answer(attempt.promised());
    }

    /// Holds it to its end.
    Outcome outcome() throws Exception {
        boolean plans = Planning.isWanted(attempt);
        var input =
                plans
                        ? Planning.remembered(attempt, Planning.told(attempt), past)
                        : Condensing.into(attempt.input(), attempt, this::aside);
        tools = belt.offer();
        messages.add(
                new Message.Instructions(
                        Wording.instructions(settings, plans, !tools.isEmpty(), answer.schema())));
        var attachments = Attachments.of(attempt);
        messages.add(
                new Message.Asked(
                        Wording.task(input, attempt.edit(), attempt.feedback())
                                + attachments.texts(),
                        attachments.files()));
        while (true) {
            var limit = tally.exceeded(settings.limits());
            if (limit.isPresent()) {
                return failed("limit_exceeded", limit.get());
            }
            var end = follow(reply());
            if (end.isPresent()) {
                return end.get();
            }
        }
    }

    /// What the model says to something else than the task, before it begins.
    private String aside(List<Message> asked) throws Exception {
        var request =
                Transcript.model(settings.models().get(model))
                        .with(
                                "messages",
                                new Value.Array(
                                        asked.stream()
                                                .flatMap(one -> Transcript.of(one).stream())
                                                .toList()));
        var said = taken(asked, List.of(), null, request);
        return said.finish() == Reply.Finish.REFUSED ? "" : said.text();
    }

    private Recorded reply() throws Exception {
        var recorded = taken(messages, tools, answer.schema().orElse(null), request());
        messages.add(new Message.Said(recorded.text(), recorded.calls()));
        return recorded;
    }

    private Recorded taken(
            List<Message> asked,
            List<Tool.Description> offered,
            Value.@Nullable Struct schema,
            Value request)
            throws Exception {
        var fallback = model;
        var name = settings.models().get(model).name();
        var prompt =
                new Prompt(
                        attempt.run() + "/" + attempt.task(),
                        asked,
                        offered,
                        schema,
                        tally.left(settings.limits()));
        var taken =
                attempt.step(
                        new Attempt.Step("model", name, request),
                        () -> {
                            afford(prompt);
                            var call = new ModelCall(settings, models, attempt, this::show);
                            return call.take(fallback, prompt, new Tail());
                        });
        var recorded = Recorded.of(taken.result());
        model = settings.model(recorded.model());
        tally.replied(recorded);
        return recorded;
    }

    /// A call whose prompt alone is more than what is left would be paid for in vain. Looked at
    /// where the call is made: what is on record was affordable.
    private void afford(Prompt prompt) throws Trouble {
        var own = tally.left(settings.limits());
        var all = attempt.tokensLeft();
        var limit =
                own != null && own <= all.orElse(Long.MAX_VALUE) ? "max_tokens" : "limits.tokens";
        long left = Math.min(own == null ? Long.MAX_VALUE : own, all.orElse(Long.MAX_VALUE));
        if (TokenCount.isMore(prompt, left - 1)) {
            attempt.accounted();
            throw new Trouble(
                    Trouble.Kind.UNAFFORDABLE,
                    "the next call has about "
                            + TokenCount.of(prompt)
                            + " tokens to read, and of `"
                            + limit
                            + "` only "
                            + left
                            + " are left; it was not made. "
                            + tally.sofar());
        }
    }

    /// What is new since the last step. What the model itself said is in the steps before.
    private Value request() {
        var fresh = new ArrayList<Value>();
        for (var message : messages.subList(told, messages.size())) {
            Transcript.of(message).ifPresent(fresh::add);
        }
        var request = Value.struct("messages", new Value.Array(fresh));
        if (told == 0) {
            request =
                    Transcript.model(settings.models().get(model))
                            .with(
                                    "tools",
                                    Value.from(tools.stream().map(Tool.Description::name).toList()))
                            .with(request);
        }
        told = messages.size();
        return request;
    }

    private Optional<Outcome> follow(Recorded reply) throws Exception {
        return switch (reply.finish()) {
            case REFUSED ->
                    Optional.of(
                            failed(
                                    "refused",
                                    "the model refuses"
                                            + (reply.text().isBlank()
                                                    ? ""
                                                    : ": " + Tally.shortened(reply.text()))));
            case LENGTH -> reply.calls().isEmpty() ? cutOff(reply) : called(reply);
            case STOP -> reply.calls().isEmpty() ? answered(reply) : called(reply);
        };
    }

    private Optional<Outcome> cutOff(Recorded reply) {
        begun.append(reply.text());
        if (++continuations > settings.limits().continuations()) {
            return Optional.of(
                    failed(
                            "cut_off",
                            "the answer is longer than the model may write, also in "
                                    + continuations
                                    + " parts; raise `max_tokens` of the model or `continuations`"));
        }
        messages.add(new Message.Asked(Wording.GO_ON));
        return Optional.empty();
    }

    private Optional<Outcome> answered(Recorded reply) {
        var text = begun + reply.text();
        begun.setLength(0);
        if (text.isBlank()) {
            messages.add(new Message.Asked(Wording.NOTHING_SAID));
            return mistaken("empty_reply", "the model says nothing");
        }
        var reading = answer.read(text);
        if (reading.value() != null) {
            return Optional.of(Outcome.succeeded(reading.value()));
        }
        if (++repairs > settings.limits().repairs()) {
            return Optional.of(
                    Outcome.failed(
                            new Failure.Rejected(
                                    "output",
                                    "the model's answer does not fit what the skill promises, also"
                                            + " after it was told "
                                            + (repairs - 1)
                                            + " times: "
                                            + String.join("; ", reading.faults()))));
        }
        messages.add(new Message.Asked(Wording.faults(reading.faults())));
        return Optional.empty();
    }

    private Optional<Outcome> called(Recorded reply) throws Exception {
        begun.setLength(0);
        boolean allMistaken = true;
        var first = "";
        for (var call : reply.calls()) {
            if (tally.calls() >= settings.limits().calls()) {
                return Optional.of(
                        failed(
                                "limit_exceeded",
                                "the model wants more than "
                                        + settings.limits().calls()
                                        + " calls of tools (`max_tool_calls`)"));
            }
            int times = tally.calling(call);
            if (times > Tally.MOST_REPETITIONS) {
                return Optional.of(
                        failed(
                                "repetition",
                                "the model makes the same call of `"
                                        + call.name()
                                        + "` with the same arguments again and again"));
            }
            if (times == Tally.MOST_REPETITIONS) {
                messages.add(
                        new Message.Given(call.id(), call.name(), Wording.repeated(times - 1)));
                allMistaken = false;
                continue;
            }
            show("calls " + call.name());
            var handedOver = belt.handOver(call);
            if (handedOver != null) {
                return Optional.of(handedOver);
            }
            var given = belt.call(call);
            messages.add(new Message.Given(call.id(), call.name(), given.text()));
            allMistaken &= given.mistake();
            first = first.isEmpty() && given.mistake() ? given.text() : first;
        }
        return allMistaken ? mistaken("bad_tool_call", first) : correct();
    }

    private Optional<Outcome> correct() {
        mistakes = 0;
        return Optional.empty();
    }

    private Optional<Outcome> mistaken(String code, String what) {
        return ++mistakes >= MOST_MISTAKES
                ? Optional.of(failed(code, mistakes + " times in a row: " + what))
                : Optional.empty();
    }

    private Outcome failed(String code, String why) {
        return Outcome.failed(new Failure.Permanent(code, why + ". " + tally.sofar()));
    }

    private void show(String what) {
        attempt.progress(tally.fraction(settings.limits()), tally.begin() + what);
    }

    /// Shows the end of what the model is saying.
    private final class Tail implements java.util.function.Consumer<String> {
        private final StringBuilder end = new StringBuilder();

        @Override
        public void accept(String piece) {
            end.append(piece.length() > TAIL ? piece.substring(piece.length() - TAIL) : piece);
            if (end.length() > 2 * TAIL) {
                end.delete(0, end.length() - TAIL);
            }
            var from = Math.max(0, end.length() - TAIL);
            show(end.substring(from).replaceAll("\\s+", " "));
        }
    }
}
