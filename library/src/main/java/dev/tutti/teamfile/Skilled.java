package dev.tutti.teamfile;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads skills with their versions, `draft` or `draft@2.1`, and labels.
final class Skilled {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_.-]{0,60}");

    private final Report report;

    Skilled(Report report) {
        this.report = report;
    }

    /// A skill, and its version where one is said.
    record One(SkillId skill, @Nullable Version version) {}

    /// Reads one; empty where it is none, and then that is said.
    Optional<One> read(String written, List<String> at) {
        int sign = written.indexOf('@');
        var name = sign < 0 ? written : written.substring(0, sign);
        if (!NAME.matcher(name).matches()) {
            report.add(
                    "E-NAME-02",
                    "`"
                            + DisplayWidth.shown(written)
                            + "` is not a name: names are small letters, digits and `_`",
                    at,
                    "not a name",
                    null);
            return Optional.empty();
        }
        var version = sign < 0 ? null : Version.of(written.substring(sign + 1)).orElse(null);
        if (sign >= 0 && version == null) {
            report.add(
                    "E-NAME-02",
                    "`"
                            + DisplayWidth.shown(written.substring(sign + 1))
                            + "` is not a version: write `"
                            + name
                            + "@2` or `"
                            + name
                            + "@2.1`",
                    at,
                    "not a version",
                    null);
        }
        return Optional.of(new One(new SkillId(name), version));
    }

    /// Those that are labels; of the others it is said that they are none.
    List<String> labels(List<String> written, List<String> at) {
        var labels = new ArrayList<String>();
        for (var label : written) {
            if (LABEL.matcher(label).matches()) {
                labels.add(label);
            } else {
                report.add(
                        "E-NAME-02",
                        "`"
                                + DisplayWidth.shown(label)
                                + "` is not a label: labels are small letters, digits, `_`, `-` and"
                                + " `.`, a letter first",
                        at,
                        "not a label",
                        null);
            }
        }
        return labels.stream().distinct().toList();
    }
}
