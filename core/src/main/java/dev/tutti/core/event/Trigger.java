package dev.tutti.core.event;

import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What begins runs of a workflow without anyone asking for them.
///
/// @param input of the run, with expressions that may name the `message`
/// @param group runs of one trigger are told apart by it: an expression, or null where they are not
/// @param overlap what happens while a run that it began is under way
public record Trigger(Source source, Value.Struct input, @Nullable String group, Overlap overlap) {

    /// When it begins one.
    public sealed interface Source {
        /// When a message is published.
        ///
        /// @param key what it must be published with, or null for anything
        /// @param where a condition on the `message`, or null for any
        record OnMessage(String topic, String type, @Nullable String key, @Nullable String where)
                implements Source {}

        /// At certain times.
        ///
        /// @param times as cron has them: minute, hour, day, month, weekday
        /// @param missed what happens to those at which nobody was there
        record AtTimes(String times, ZoneId zone, CatchUp missed) implements Source {}

        /// When somebody calls a path of the server.
        ///
        /// @param secret that calls are signed with: the place that names it
        /// @param where a condition on the `message`, or null for any
        record OnWebhook(String path, String secret, @Nullable String where) implements Source {}
    }

    /// What happens while a run that it began is under way.
    public enum Overlap {
        /// Another one is begun.
        ALLOW,
        /// Nothing is begun.
        SKIP,
        /// The next is begun when it has ended.
        QUEUE,
        /// It is cancelled, and another is begun.
        REPLACE;

        /// As team files say it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What happens to times at which nobody was there.
    public enum CatchUp {
        /// They are passed over.
        NONE,
        /// A run is begun for the last of them.
        ONE,
        /// A run is begun for each.
        ALL;

        /// As team files say it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
