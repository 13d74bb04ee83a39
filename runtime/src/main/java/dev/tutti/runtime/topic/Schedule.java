package dev.tutti.runtime.topic;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/// Times as cron has them, in a zone: minute, hour, day of the month, month, weekday.
public final class Schedule {
    private final ExecutionTime times;
    private final ZoneId zone;

    private Schedule(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /// Reads them.
    ///
    /// @throws IllegalArgumentException when they cannot be read, and why
    public static Schedule of(String times, ZoneId zone) {
        var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        return new Schedule(ExecutionTime.forCron(parser.parse(times).validate()), zone);
    }

    /// The first of them after a moment, or empty when there is none any more.
    public Optional<Instant> after(Instant moment) {
        return times.nextExecution(ZonedDateTime.ofInstant(moment, zone))
                .map(ZonedDateTime::toInstant);
    }
}
