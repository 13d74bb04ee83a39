package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An agent whose model `fast` is at a provider that says what a test wants.
final class Provided implements AutoCloseable {
    final FakeOpenAi server;
    final Trial trial;

    Provided(Path store) throws IOException {
        server = FakeOpenAi.start();
        trial = new Trial(store).with("model", List.of(model("fast", Map.of())));
    }

    /// A model as a team file declares it, at the provider.
    Map<String, Object> model(String name, Map<String, ?> more) {
        var model = new HashMap<String, Object>();
        model.put("name", name);
        model.put("provider", "openai");
        model.put("model", "gpt-x");
        model.put("base_url", server.baseUrl());
        model.put("api_key", "key-1");
        model.put("price", Map.of("input", 0.15, "output", 0.6, "cached_input", 0.075));
        model.put("timeout", "20s");
        model.putAll(more);
        return model;
    }

    /// What becomes of an attempt that gets these replies.
    Outcome outcome(FakeReply... replies) throws Exception {
        server.replies(replies);
        return trial.perform();
    }

    static Value text(String text) {
        return Value.struct("text", Value.text(text));
    }

    static void assertFailed(
            Outcome outcome, Class<? extends Failure> type, String code, String... words) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(type);
                            assertThat(failed.failure().code()).isEqualTo(code);
                            for (var word : words) {
                                assertThat(failed.failure().message()).contains(word);
                            }
                        });
    }

    static void assertSucceeded(Outcome outcome, Value output) {
        assertThat(outcome).isEqualTo(Outcome.succeeded(output));
    }

    @Override
    public void close() {
        server.close();
    }
}
