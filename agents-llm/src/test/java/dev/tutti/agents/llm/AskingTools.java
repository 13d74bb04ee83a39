package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.Toolbox;
import java.util.List;

/// A toolbox whose one tool asks for a model, and gives what that says.
public final class AskingTools implements ToolProvider {

    @Override
    public List<String> uses() {
        return List.of("asking");
    }

    @Override
    public Toolbox open(Settings settings) {
        return open(settings, ToolRequests.REFUSED);
    }

    @Override
    public Toolbox open(Settings settings, ToolRequests requests) {
        var description =
                new Tool.Description(
                        "rhyme",
                        "Finds a rhyme.",
                        Value.struct("type", Value.text("object")),
                        true);
        return () ->
                List.of(
                        new Tool() {
                            @Override
                            public Description description() {
                                return description;
                            }

                            @Override
                            public Result call(Value.Struct arguments, Attempt attempt)
                                    throws Exception {
                                var asked =
                                        Value.struct(
                                                "role",
                                                Value.text("user"),
                                                "content",
                                                Value.struct(
                                                        "type",
                                                        Value.text("text"),
                                                        "text",
                                                        Value.text("What rhymes with tide?")));
                                var request =
                                        Value.struct(
                                                "messages",
                                                Value.array(asked),
                                                "systemPrompt",
                                                Value.text("You rhyme."),
                                                "maxTokens",
                                                Value.of(20));
                                return Result.of(requests.sample(request, attempt));
                            }
                        });
    }
}
