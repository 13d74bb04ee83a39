package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.runtime.agent.TraceContext;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Spans of the golden journals, which hold every event there is.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TracesTest {
    private static final int MANY = 1_000;

    @Test
    void every_attempt_that_ended_has_its_span_and_no_span_comes_twice() throws Exception {
        var journal = Golden.journal();
        var spans = Golden.spans(journal, 0, MANY, GenAiNames.V1_41);
        var ids = spans.stream().map(Span::getSpanId).toList();
        assertThat(ids).doesNotHaveDuplicates();
        var ended = ended(journal);
        assertThat(ended).hasSizeGreaterThan(30);
        assertThat(ids).containsAll(ended);
    }

    @Test
    void calls_of_models_and_tools_are_below_their_attempt_with_what_they_used() throws Exception {
        var spans = Golden.spans(Golden.journal(), 0, MANY, GenAiNames.V1_41);
        Map<String, Span> byId =
                spans.stream().collect(Collectors.toMap(Span::getSpanId, Function.identity()));
        var chats = spans.stream().filter(one -> one.name().equals("chat large")).toList();
        var tools = spans.stream().filter(one -> one.name().equals("execute_tool files")).toList();
        assertThat(chats).hasSizeGreaterThan(30).hasSameSizeAs(tools);
        for (int i = 0; i < chats.size(); i++) {
            var chat = chats.get(i);
            var tool = tools.get(i);
            var attempt = byId.get(chat.getParentSpanId());
            assertThat(attempt).isNotNull();
            assertThat(attempt.name()).startsWith("invoke_agent ");
            assertThat(tool.getParentSpanId()).isEqualTo(chat.getParentSpanId());
            assertThat(chat.start()).isEqualTo(attempt.start());
            assertThat(tool.start()).isEqualTo(chat.end());
            assertThat(chat.attributes().get(GenAiNames.MODEL)).isEqualTo("large");
            assertThat(chat.attributes().get(GenAiNames.INPUT_TOKENS)).isEqualTo(11);
            assertThat(chat.attributes().get(TuttiNames.COST)).isEqualTo(0.002);
            assertThat(tool.attributes().get(GenAiNames.TOOL)).isEqualTo("files");
            assertThat(text(chat) + text(tool)).doesNotContain("hush");
        }
    }

    private static List<String> ended(MemoryJournal journal) {
        var begun = new HashSet<String>();
        var ended = new ArrayList<String>();
        for (var entry : journal.follow(0, Integer.MAX_VALUE)) {
            if (!entry.stream().isRun()) {
                continue;
            }
            var run = entry.stream().run();
            switch (Runs.event(entry)) {
                case Event.Assigned e -> begun.add(TraceContext.attemptSpan(run, e.token()));
                case Event.ChildStarted e -> begun.add(TraceContext.attemptSpan(run, e.token()));
                case Event.Awaited e -> begun.add(TraceContext.attemptSpan(run, e.token()));
                case Event.AttemptEnded e -> ended.add(TraceContext.attemptSpan(run, e.token()));
                case Event.ResultAccepted e -> ended.add(TraceContext.attemptSpan(run, e.token()));
                case Event.ResultProposed e -> ended.add(TraceContext.attemptSpan(run, e.token()));
                case Event.Iterated e -> ended.add(TraceContext.attemptSpan(run, e.token()));
                default -> {
                    // Neither begins nor ends an attempt.
                }
            }
        }
        ended.retainAll(begun);
        return ended;
    }

    @Test
    void every_span_is_within_another_of_its_trace_or_is_a_run() throws Exception {
        var spans = Golden.spans(Golden.journal(), 0, MANY, GenAiNames.V1_41);
        Map<String, Span> byId =
                spans.stream().collect(Collectors.toMap(Span::getSpanId, Function.identity()));
        assertThat(spans)
                .allSatisfy(span -> {
                    if (!span.parent().isValid()) {
                        assertThat(span.name()).startsWith("invoke_workflow ");
                    } else {
                        assertThat(byId).containsKey(span.getParentSpanId());
                        assertThat(byId.get(span.getParentSpanId()))
                                .isNotNull()
                                .extracting(Span::getTraceId)
                                .isEqualTo(span.getTraceId());
                    }
                    assertThat(span.links())
                            .allSatisfy(link ->
                                    assertThat(byId)
                                            .containsKey(link.getSpanContext().getSpanId()));
                });
    }

    @Test
    void a_process_that_begins_anywhere_makes_the_same_spans_of_what_follows() throws Exception {
        var journal = Golden.journal();
        var all = texts(Golden.spans(journal, 0, MANY, GenAiNames.V1_41));
        int size = journal.follow(0, Integer.MAX_VALUE).size();
        for (int position = 0; position <= size; position++) {
            var after = texts(Golden.spans(journal, position, MANY, GenAiNames.V1_41));
            assertThat(after)
                    .as("from %s", position)
                    .isEqualTo(all.subList(all.size() - after.size(), all.size()));
        }
    }

    @Test
    void runs_that_were_put_aside_lose_nothing() throws Exception {
        var journal = Golden.journal();
        assertThat(texts(Golden.spans(journal, 0, 1, GenAiNames.V1_41)))
                .isEqualTo(texts(Golden.spans(journal, 0, MANY, GenAiNames.V1_41)));
    }

    private static List<String> texts(List<Span> spans) {
        return spans.stream().map(TracesTest::text).toList();
    }

    /// All that is sent of a span.
    private static String text(SpanData span) {
        var attributes = new TreeMap<String, Object>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
        return String.join(
                " | ",
                span.getTraceId() + "/" + span.getSpanId() + "/" + span.getParentSpanId(),
                span.getName(),
                span.getStartEpochNanos() + "-" + span.getEndEpochNanos(),
                span.getStatus().toString(),
                attributes.toString(),
                span.getLinks().toString(),
                span.getEvents().toString());
    }
}
