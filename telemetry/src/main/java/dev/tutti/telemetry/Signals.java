package dev.tutti.telemetry;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Usage;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;

/// What the events of a run say that is counted or measured, for those who record metrics. Times
/// come with the span that they are of, so that an example of each can be looked at.
interface Signals {

    void runEnded(SpanContext span, String workflow, String status, Duration took);

    /// An attempt is over.
    ///
    /// @param outcome the code of the failure, or the word of the result
    /// @param failed whether the outcome is an error
    void attemptEnded(
            SpanContext span,
            String agent,
            String outcome,
            boolean failed,
            Duration took,
            Usage usage);

    void retried(String agent);

    void timedOut(Failure.Limit limit);

    /// A task was given away this long after it was ready.
    void dispatched(SpanContext span, String agent, Duration waited);

    void toolUsed(SpanContext span, boolean failed, Duration took);

    void stalled();

    /// Hears nothing: for events that were heard before.
    Signals NONE =
            new Signals() {
                @Override
                public void runEnded(
                        SpanContext span, String workflow, String status, Duration took) {}

                @Override
                public void attemptEnded(
                        SpanContext span,
                        String agent,
                        String outcome,
                        boolean failed,
                        Duration took,
                        Usage usage) {}

                @Override
                public void retried(String agent) {}

                @Override
                public void timedOut(Failure.Limit limit) {}

                @Override
                public void dispatched(SpanContext span, String agent, Duration waited) {}

                @Override
                public void toolUsed(SpanContext span, boolean failed, Duration took) {}

                @Override
                public void stalled() {}
            };
}
