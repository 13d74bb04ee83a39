package dev.tutti.teamfile;

import java.util.Optional;
import java.util.regex.Pattern;

/// Reads where messages are published.
final class TopicReader {
    /// Names are in addresses and in the names of streams.
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,99}");

    private final Report report;

    TopicReader(Report report) {
        this.report = report;
    }

    /// The `topic` of a part, if it has one.
    Optional<String> name(Section section) {
        var name = section.text("topic", "the name of a topic");
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            report.add(
                    "E-NAME-02",
                    "this is not the name of a topic: small letters, digits, `_`, `-` and `.`, a"
                            + " letter first, and 100 at most",
                    section.at("topic"),
                    "not a name",
                    null);
            return Optional.empty();
        }
        return name;
    }

    static void keyWithoutTopic(Section section, Report report) {
        report.add(
                "E-KEY-02",
                "a `key` tells messages of a topic apart, and no topic is named",
                section.at("key"),
                "needs `topic`",
                "add `topic: …`, or remove `key`");
    }
}
