package dev.tutti.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import java.util.HashSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The names of runs and attempts in distributed traces.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TraceContextTest {
    private static final RunId RUN = new RunId("01M832KM86F7ZQ4C5V6B7N8M9K");

    @Test
    void a_traceparent_has_the_form_of_the_recommendation() {
        assertThat(TraceContext.traceparent(RUN, 7))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                .isEqualTo(
                        "00-"
                                + TraceContext.traceId(RUN)
                                + "-"
                                + TraceContext.attemptSpan(RUN, 7)
                                + "-01");
    }

    /// Spans that were exported keep their names for ever: a change here breaks traces in two.
    @Test
    void names_never_change() {
        assertThat(TraceContext.traceparent(RUN, 7))
                .isEqualTo("00-3cf52ec61f5bdf089b22b75c3f51d701-3fca856cc1fcc79c-01");
        assertThat(TraceContext.runSpan(RUN)).isEqualTo("630efc3013514e4c");
    }

    @Test
    void runs_within_a_run_are_in_its_trace_with_spans_of_their_own() {
        var within = new RunId(RUN.value() + "-12");
        var below = new RunId(within.value() + "-3");
        assertThat(TraceContext.traceId(within)).isEqualTo(TraceContext.traceId(RUN));
        assertThat(TraceContext.traceId(below)).isEqualTo(TraceContext.traceId(RUN));
        assertThat(TraceContext.runSpan(within)).isNotEqualTo(TraceContext.runSpan(RUN));
    }

    @Test
    void no_two_things_share_a_name() {
        var names = new HashSet<String>();
        int made = 0;
        for (int run = 0; run < 100; run++) {
            var id = new RunId("R" + run);
            names.add(TraceContext.runSpan(id));
            names.add(TraceContext.traceId(id));
            made += 2;
            for (int token = 1; token <= 100; token++) {
                names.add(TraceContext.attemptSpan(id, token));
                names.add(TraceContext.span(id, "task", "t" + token));
                made += 2;
            }
        }
        assertThat(names).hasSize(made);
    }
}
