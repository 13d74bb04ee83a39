package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.ToolRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Lets the agent's model answer for a tool that asks for one, where the team file grants it (`may:
/// [sampling]`). What that uses up is part of the step that the call of the tool is, since a step
/// within a step would be found in another order by the next attempt.
final class Sampler implements ToolRequests {
    private static final int MOST_TOKENS = 8_192;
    private static final Value PERSON = Value.text("person");

    private final Models models;
    private final Map<Attempt, Call> calls = new ConcurrentHashMap<>();

    Sampler(Models models) {
        this.models = models;
    }

    /// A call of a tool, while it is made.
    final class Call implements AutoCloseable {
        private final Attempt attempt;
        private final Settings settings;
        private Usage used = Usage.NONE;
        private int asked;

        private Call(Attempt attempt, Settings settings) {
            this.attempt = attempt;
            this.settings = settings;
        }

        /// What answers used up.
        Usage used() {
            return used;
        }

        private Value answer(Value.Struct request) throws Exception {
            if (!settings.samples() && settings.asksPeople()) {
                return person(request);
            }
            if (!settings.samples()) {
                throw new UnsupportedOperationException(
                        "agent `"
                                + attempt.agent()
                                + "` lets no tool ask its model; write `may: [sampling]` with it, or `may: [ask_person]` to let a person answer");
            }
            asked++;
            var prompt =
                    new Prompt(
                            attempt.run() + "/" + attempt.token() + "/sampling/" + asked,
                            messages(request),
                            List.of(),
                            null,
                            mostTokens(request));
            var taken =
                    new ModelCall(settings, models, attempt, status -> attempt.progress(0, status))
                            .take(0, prompt, _ -> attempt.heartbeat());
            used = used.plus(taken.usage());
            var said = ModelCall.Recorded.of(taken.result());
            return Value.struct(
                    "text", Value.text(said.text()),
                    "model", Value.text(said.model()),
                    "stopReason",
                            Value.text(
                                    said.finish() == Reply.Finish.LENGTH
                                            ? "maxTokens"
                                            : "endTurn"));
        }

        /// The same request is the same question, in whichever attempt and call it comes.
        private Value person(Value.Struct request) throws InterruptedException {
            var text = new StringBuilder("A tool asks for an answer that a model would give:");
            for (var message : messages(request)) {
                switch (message) {
                    case Message.Instructions(var said) -> text.append('\n').append(said);
                    case Message.Asked(var said, _) -> text.append('\n').append(said);
                    case Message.Said(var said, _) -> text.append("\n… ").append(said);
                    case Message.Given _ -> {}
                }
            }
            var hash = Sha256.hex(Json.bytes(request)).substring(0, 12);
            var answer =
                    attempt.ask(
                            new Attempt.Ask(
                                    "sampling " + hash, text.toString(), List.of(), request));
            return Value.struct("text", Value.text(Toolbelt.answered(answer)), "model", PERSON);
        }

        @Override
        public void close() {
            calls.remove(attempt);
        }
    }

    /// A tool is called on behalf of an attempt, which calls one at a time.
    Call begin(Attempt attempt, Settings settings) {
        var call = new Call(attempt, settings);
        calls.put(attempt, call);
        return call;
    }

    @Override
    public Value sample(Value.Struct request, Attempt attempt) throws Exception {
        var call = calls.get(attempt);
        if (call == null) {
            throw new UnsupportedOperationException("no tool is at work for this attempt");
        }
        return call.answer(request);
    }

    private static Integer mostTokens(Value.Struct request) {
        return request.get("maxTokens") instanceof Value.Int(var most) && most > 0
                ? (int) Math.min(most, MOST_TOKENS)
                : MOST_TOKENS;
    }

    private static List<Message> messages(Value.Struct request) {
        var messages = new ArrayList<Message>();
        if (request.get("systemPrompt") instanceof Value.Text(var text) && !text.isBlank()) {
            messages.add(new Message.Instructions(text));
        }
        if (request.get("messages") instanceof Value.Array(var said)) {
            for (var one : said) {
                var message = (Value.Struct) one;
                var text = text(message.get("content"));
                messages.add(
                        Value.text("assistant").equals(message.get("role"))
                                ? new Message.Said(text, List.of())
                                : new Message.Asked(text));
            }
        }
        if (messages.stream().noneMatch(Message.Asked.class::isInstance)) {
            throw new IllegalArgumentException("nothing is asked of the model");
        }
        return messages;
    }

    private static String text(@org.jspecify.annotations.Nullable Value content) {
        return switch (content) {
            case Value.Text(var text) -> text;
            case Value.Struct part when part.get("text") instanceof Value.Text(var text) -> text;
            case Value.Array(var parts) ->
                    String.join("\n", parts.stream().map(Sampler::text).toList());
            case null, default ->
                    throw new IllegalArgumentException("only text can be put to the model");
        };
    }
}
