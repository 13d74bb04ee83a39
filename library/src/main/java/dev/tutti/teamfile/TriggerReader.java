package dev.tutti.teamfile;

import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.CatchUp;
import dev.tutti.core.event.Trigger.Overlap;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.TriggerCheck;
import dev.tutti.runtime.topic.Schedule;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what begins runs of a workflow by itself.
final class TriggerReader {
    private static final int MOST = 1_000;
    private static final List<String> WAYS = List.of("message", "cron", "webhook");
    private static final Pattern PATH = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");
    private static final Pattern SECRET =
            Pattern.compile("\\$\\{\\s*secret\\.[A-Za-z_][A-Za-z0-9_]*\\s*}");

    private final Expressions expressions;
    private final Report report;

    TriggerReader(Expressions expressions, Report report) {
        this.expressions = expressions;
        this.report = report;
    }

    /// @param input what the workflow takes
    List<Trigger> read(Section workflow, Type.Struct input) {
        var triggers = new ArrayList<Trigger>();
        var given = workflow.value("triggers").orElse(Value.Array.EMPTY);
        if (!(given instanceof Value.Array(var items))) {
            report.add(Section.shape(given, workflow.at("triggers"), "a list"));
            return triggers;
        }
        if (items.size() > MOST) {
            report.add(
                    "E-NUM-01",
                    "a workflow has " + MOST + " triggers at most",
                    workflow.at("triggers"),
                    "has " + items.size(),
                    null);
            return triggers;
        }
        for (int i = 0; i < items.size(); i++) {
            var at = Report.below(workflow.at("triggers"), Integer.toString(i));
            Section.struct(items.get(i), at, "an object such as `{ cron: \"0 8 * * *\" }`", report)
                    .map(content -> new Section(content, Keys.TRIGGER, at, report))
                    .flatMap(this::trigger)
                    .ifPresent(trigger -> {
                        triggers.add(trigger);
                        TriggerCheck.check(expressions, input, trigger, at).forEach(report::add);
                    });
        }
        return triggers;
    }

    private Optional<Trigger> trigger(Section section) {
        var ways = WAYS.stream().filter(section::has).toList();
        if (ways.isEmpty()) {
            section.missing("message", "…");
            return Optional.empty();
        }
        if (ways.size() > 1) {
            report.add(
                    "E-KEY-03",
                    "a trigger has one of message, cron and webhook, not "
                            + String.join(" and ", ways),
                    section.at(ways.get(1)),
                    "one too many",
                    "make it two triggers");
        }
        var key = section.text("key", "a text").orElse(null);
        boolean computed = key != null && key.contains("${");
        var overlap = word(section, "overlap", Overlap.values(), Overlap::word, Overlap.ALLOW);
        var input = section.struct("input", "an object").orElse(Value.Struct.EMPTY);
        var where = section.text("where", "a condition such as `${message.ok}`").orElse(null);
        return source(section, ways.getFirst(), computed ? null : key, where)
                .map(source -> new Trigger(source, input, computed ? key : null, overlap));
    }

    private Optional<Source> source(
            Section section, String way, @Nullable String key, @Nullable String where) {
        return switch (way) {
            case "message" -> {
                foreign(section, "cron", List.of("zone", "catch_up"));
                foreign(section, "webhook", List.of("secret"));
                if (!section.has("topic")) {
                    section.missing("topic", "…");
                }
                yield new TopicReader(report)
                        .name(section)
                        .flatMap(topic ->
                                section.text("message", "the type of a message")
                                        .map(type ->
                                                new Source.OnMessage(topic, type, key, where)));
            }
            case "cron" -> {
                foreign(section, "message", List.of("topic", "where"));
                foreign(section, "webhook", List.of("secret"));
                yield times(section);
            }
            default -> {
                foreign(section, "message", List.of("topic"));
                foreign(section, "cron", List.of("zone", "catch_up"));
                yield webhook(section, where);
            }
        };
    }

    private void foreign(Section section, String of, List<String> keys) {
        keys.stream()
                .filter(section::has)
                .forEach(key ->
                        report.add(
                                "E-KEY-03",
                                "`" + key + "` is for a trigger with `" + of + "`",
                                section.at(key),
                                "not here",
                                "remove `" + key + "`"));
    }

    private Optional<Source> times(Section section) {
        var zone = zone(section);
        var missed = word(section, "catch_up", CatchUp.values(), CatchUp::word, CatchUp.NONE);
        return section.text("cron", "times such as `0 8 * * MON-FRI`")
                .flatMap(text -> {
                    try {
                        Schedule.of(text, zone);
                        return Optional.of(new Source.AtTimes(text, zone, missed));
                    } catch (IllegalArgumentException e) {
                        report.add(
                                "E-CRON-01",
                                "these are not times as cron has them: "
                                        + String.valueOf(e.getMessage()),
                                section.at("cron"),
                                "not understood",
                                "write minute, hour, day, month and weekday: `0 8 * * MON-FRI`");
                        return Optional.empty();
                    }
                });
    }

    private ZoneId zone(Section section) {
        var text = section.text("zone", "a time zone such as `Europe/Berlin`");
        try {
            return text.map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            report.add(
                    "E-CRON-01",
                    "there is no time zone of this name",
                    section.at("zone"),
                    "not known",
                    "write one such as `Europe/Berlin`");
            return ZoneOffset.UTC;
        }
    }

    private Optional<Source> webhook(Section section, @Nullable String where) {
        var path = section.text("webhook", "the end of a path, such as `orders`");
        var secret = section.text("secret", "the place of a secret: `${secret.NAME}`");
        if (!section.has("secret")) {
            section.missing("secret", "\"${secret.NAME}\"");
        }
        if (path.isPresent() && !PATH.matcher(path.get()).matches()) {
            report.add(
                    "E-NAME-02",
                    "this is not the end of a path: small letters, digits, `_`, `-` and `.`, and"
                            + " 100 at most",
                    section.at("webhook"),
                    "not a name",
                    null);
            return Optional.empty();
        }
        if (secret.isPresent() && !SECRET.matcher(secret.get()).matches()) {
            report.add(
                    "E-SHAPE-01",
                    "a secret is named and never written out",
                    section.at("secret"),
                    "written out",
                    "write `\"${secret.NAME}\"`, and set the environment variable NAME");
            return Optional.empty();
        }
        return path.flatMap(name -> secret.map(of -> new Source.OnWebhook(name, of, where)));
    }

    private <E> E word(
            Section section, String key, E[] all, Function<E, String> word, E otherwise) {
        var text = section.text(key, "a word");
        if (text.isEmpty()) {
            return otherwise;
        }
        var found =
                Arrays.stream(all).filter(one -> word.apply(one).equals(text.get())).findFirst();
        if (found.isEmpty()) {
            report.unknownWord(text.get(), section.at(key), Arrays.stream(all).map(word).toList());
        }
        return found.orElse(otherwise);
    }
}
