package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.status.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Lines of the log, as the shipped configuration writes them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogFormatTest {

    @Test
    void a_line_of_text_says_which_run_and_which_task() throws Exception {
        assertThat(line(Map.of(), Map.of("run", "01M8", "task", "read[3]")))
                .contains("WARN")
                .contains(" 01M8 read[3] ")
                .endsWith("took 7 s\n");
    }

    @Test
    void a_line_without_a_run_keeps_its_columns() throws Exception {
        assertThat(line(Map.of(), Map.of())).contains("WARN  - - ");
    }

    @Test
    void a_line_of_json_has_them_as_fields() throws Exception {
        var line =
                line(Map.of("TUTTI_LOG_FORMAT", "json"), Map.of("run", "01M8", "task", "read[3]"));
        var fields = (Value.Struct) Json.parse(line);
        assertThat(fields.get("mdc"))
                .isEqualTo(Value.struct("run", Value.text("01M8"), "task", Value.text("read[3]")));
        assertThat(fields.get("formattedMessage")).isEqualTo(Value.text("took 7 s"));
        assertThat(fields.get("level")).isEqualTo(Value.text("WARN"));
    }

    private static String line(Map<String, String> settings, Map<String, String> ids)
            throws Exception {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        settings.forEach(context::putProperty);
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var appenders = root.iteratorForAppenders();
        var encoder = ((OutputStreamAppender<ILoggingEvent>) appenders.next()).getEncoder();
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .as("what logback would print into every log")
                .noneMatch(status -> status.getLevel() >= Status.WARN);
        var event =
                new LoggingEvent(
                        LogFormatTest.class.getName(),
                        context.getLogger("dev.tutti.test"),
                        Level.WARN,
                        "took {} s",
                        null,
                        new Object[] {7});
        event.setMDCPropertyMap(ids);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
