/// Spans and metrics derived from the events of a journal, after they are committed, and exported
/// by OpenTelemetry.
///
/// Reads the journal as any other reader does, on a thread of its own: it can be late, and never
/// stops a run. The only package that knows OpenTelemetry.
@NullMarked
package dev.tutti.telemetry;

import org.jspecify.annotations.NullMarked;
