package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Media;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Tokens;
import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.agents.llm.provider.TokenCount;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One reply, from whichever of an agent's models gives it: waits for a provider that asks to be
/// left alone, calls again what broke on its way, and goes over to the next model when that is not
/// enough.
final class ModelCall {
    /// Waits longer than this are taken in pieces, each with a sign of life.
    private static final Duration PIECE = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final Settings settings;
    private final Models models;
    private final Attempt attempt;
    private final Consumer<String> status;
    private final List<Value> troubles = new ArrayList<>();

    /// The files that the model does not take.
    private final List<Value> notGiven = new ArrayList<>();

    private Duration waited = Duration.ZERO;

    /// Whether the request was made that the step was let through for.
    private boolean called;

    /// Whether a call may have cost something of which nobody was told.
    private boolean unsure;

    /// @param status is told what it waits for
    ModelCall(Settings settings, Models models, Attempt attempt, Consumer<String> status) {
        this.settings = settings;
        this.models = models;
        this.attempt = attempt;
        this.status = status;
    }

    /// Calls the models from `first` on, and around.
    ///
    /// @throws Trouble of the first model, when none of them replies
    Attempt.Taken take(int first, Prompt prompt, Consumer<String> heard)
            throws Trouble, InterruptedException {
        Trouble reason = null;
        Trouble tooLong = null;
        int count = settings.models().size();
        for (int i = 0; i < count; i++) {
            var model = settings.models().get((first + i) % count);
            if (!fits(model, prompt)) {
                var e = tooLong(model, prompt);
                tooLong = tooLong == null ? e : tooLong;
                note(model, e);
                continue;
            }
            try {
                notGiven.clear();
                var told = readable(model, prompt);
                return taken(model, told, reply(model, told, heard));
            } catch (Trouble e) {
                if (reason == null && !e.kind().passing()) {
                    throw e;
                }
                reason = reason == null ? e : reason;
                status.accept(model.name() + ": " + e.getMessage());
            }
        }
        if (reason == null && tooLong != null) {
            throw tooLong;
        }
        throw reason == null
                ? new Trouble(Trouble.Kind.MISUNDERSTOOD, "there is no model to call")
                : reason;
    }

    private Reply reply(ModelSettings model, Prompt prompt, Consumer<String> heard)
            throws Trouble, InterruptedException {
        var pause = FIRST_PAUSE;
        for (int again = 0; ; again++) {
            if (called) {
                attempt.awaitTurn();
            }
            called = true;
            attempt.spending();
            try {
                return models.open(model).reply(within(model, prompt), heard);
            } catch (Trouble e) {
                e.leaveAlone().ifPresent(attempt::leaveAlone);
                note(model, e);
                unsure |= e.kind().mayCost();
                if (!unsure) {
                    attempt.accounted();
                }
                var wait = e.leaveAlone().orElse(pause);
                boolean inTime = waited.plus(wait).compareTo(settings.limits().patience()) <= 0;
                if (!e.kind().again() || again >= model.retries() || !inTime) {
                    throw e;
                }
                rest(wait, model.name() + ": " + e.getMessage());
                pause = pause.multipliedBy(2);
            }
        }
    }

    /// The prompt with the files that this model takes; of others it is told in words.
    private Prompt readable(ModelSettings model, Prompt prompt) {
        var messages = new ArrayList<Message>();
        for (var message : prompt.messages()) {
            messages.add(
                    message instanceof Message.Asked asked && !asked.files().isEmpty()
                            ? readable(model, asked)
                            : message);
        }
        return new Prompt(
                prompt.conversation(),
                messages,
                prompt.tools(),
                prompt.schema(),
                prompt.mostTokens());
    }

    private Message.Asked readable(ModelSettings model, Message.Asked asked) {
        var files = new ArrayList<Message.Attached>();
        var text = new StringBuilder(asked.text());
        for (var file : asked.files()) {
            if (Media.of(file.mediaType()).isTakenBy(model)) {
                files.add(file);
            } else {
                text.append(Wording.unreadable(file.name(), file.mediaType(), file.bytes()));
                notGiven.add(Value.text(file.name()));
            }
        }
        return new Message.Asked(text.toString(), files);
    }

    private void note(ModelSettings model, Trouble e) {
        troubles.add(
                Value.struct(
                        "model", Value.text(model.name()),
                        "code", Value.text(e.kind().code()),
                        "message", Value.text(String.valueOf(e.getMessage()))));
    }

    /// Whether there is room for a word of reply, by the estimate.
    private static boolean fits(ModelSettings model, Prompt prompt) {
        var window = model.contextWindow();
        return window == null || !TokenCount.isMore(prompt, window - 1L);
    }

    private static Trouble tooLong(ModelSettings model, Prompt prompt) {
        return new Trouble(
                Trouble.Kind.TOO_LONG,
                "the conversation has about "
                        + TokenCount.of(prompt)
                        + " tokens, and `context_window` of model `"
                        + model.name()
                        + "` is "
                        + model.contextWindow()
                        + "; it was not called. Give it less, or add a model with a larger window");
    }

    private static Prompt within(ModelSettings model, Prompt prompt) {
        var own = model.maxTokens();
        var most = prompt.mostTokens();
        var least = own == null ? most : most == null ? own : Integer.valueOf(Math.min(own, most));
        return new Prompt(
                prompt.conversation(), prompt.messages(), prompt.tools(), prompt.schema(), least);
    }

    private void rest(Duration wait, String why) throws InterruptedException {
        waited = waited.plus(wait);
        var left = wait;
        while (left.isPositive()) {
            status.accept("waiting " + left.toSeconds() + " s, " + why);
            var piece = left.compareTo(PIECE) < 0 ? left : PIECE;
            Thread.sleep(piece);
            left = left.minus(piece);
        }
        attempt.heartbeat();
    }

    /// What goes on record: all that the conversation goes on from, and what it cost.
    private Attempt.Taken taken(ModelSettings model, Prompt prompt, Reply reply) {
        var counted = reply.tokens();
        var tokens = counted == null ? TokenCount.of(prompt, reply) : counted;
        var price = model.price();
        var cost = price == null ? Money.ZERO : price.of(tokens);
        var result =
                Value.struct(
                        "text", Value.text(reply.text()),
                        "calls", calls(reply),
                        "finish", Value.text(word(reply.finish())),
                        "model", Value.text(model.name()),
                        "answered_by", Value.text(reply.model()),
                        "usage", usage(tokens, counted == null));
        result =
                price == null
                        ? result.with("unpriced", Value.of(true))
                        : result.with("usd", Value.text(cost.toString()));
        if (!notGiven.isEmpty()) {
            result = result.with("not_given", new Value.Array(notGiven));
        }
        if (!troubles.isEmpty()) {
            result = result.with("troubles", new Value.Array(troubles));
        }
        var usage = new Usage(cost, tokens.input(), tokens.output());
        return new Attempt.Taken(result, unsure ? usage.atLeast() : usage);
    }

    private static Value usage(Tokens tokens, boolean estimated) {
        var usage =
                Value.struct(
                        "input", Value.of(tokens.input()),
                        "cached", Value.of(tokens.cached()),
                        "output", Value.of(tokens.output()));
        usage =
                tokens.cacheWrites() == 0
                        ? usage
                        : usage.with("cache_write", Value.of(tokens.cacheWrites()));
        return estimated ? usage.with("estimated", Value.of(true)) : usage;
    }

    private static Value calls(Reply reply) {
        var calls = new ArrayList<Value>();
        for (var call : reply.calls()) {
            calls.add(
                    Value.struct(
                            "id", Value.text(call.id()),
                            "name", Value.text(call.name()),
                            "arguments", Value.text(call.arguments())));
        }
        return new Value.Array(calls);
    }

    private static String word(Reply.Finish finish) {
        return switch (finish) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case REFUSED -> "refused";
        };
    }

    /// What a step on record says.
    record Recorded(
            String text, List<Message.Call> calls, Reply.Finish finish, String model, long tokens) {

        static Recorded of(Value result) {
            var struct = (Value.Struct) result;
            var calls = new ArrayList<Message.Call>();
            if (struct.get("calls") instanceof Value.Array(var items)) {
                for (var item : items) {
                    var call = (Value.Struct) item;
                    calls.add(
                            new Message.Call(
                                    call.text("id"), call.text("name"), call.text("arguments")));
                }
            }
            long tokens = 0;
            if (struct.get("usage") instanceof Value.Struct usage
                    && usage.get("input") instanceof Value.Int(var input)
                    && usage.get("output") instanceof Value.Int(var output)) {
                tokens = input + output;
            }
            var finish =
                    switch (struct.text("finish")) {
                        case "length" -> Reply.Finish.LENGTH;
                        case "refused" -> Reply.Finish.REFUSED;
                        default -> Reply.Finish.STOP;
                    };
            return new Recorded(struct.text("text"), calls, finish, struct.text("model"), tokens);
        }
    }
}
