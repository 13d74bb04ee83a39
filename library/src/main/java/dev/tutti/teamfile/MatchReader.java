package dev.tutti.teamfile;

import dev.tutti.core.event.Meant;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Value;
import dev.tutti.teamfile.NearestSkills.Pin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads how the skill is found that a task asks for: by its name alone, or by its meaning where no
/// agent has one of that name. Writes what was found into the document that the journal keeps.
final class MatchReader {
    private static final List<String> WAYS = List.of("name", "meaning");

    private final Report report;

    MatchReader(Report report) {
        this.report = report;
    }

    /// How skills are found.
    ///
    /// @param above how near one must be, or null where names alone decide
    /// @param pins what was found before
    record Match(@Nullable Double above, Map<String, Pin> pins) {
        static final Match BY_NAME = new Match(null, Collections.emptyMap());
    }

    Match read(Section section) {
        var way = section.text("match", "`name` or `meaning`").orElse("name");
        if (!WAYS.contains(way)) {
            report.unknownWord(way, section.at("match"), WAYS);
        }
        var above = above(section);
        var pins = pins(section);
        if (!way.equals("meaning")) {
            if (WAYS.contains(way) && (section.has("above") || section.has("meant"))) {
                report.add(
                        "E-KEY-03",
                        "skills are found by their names here",
                        section.at(section.has("above") ? "above" : "meant"),
                        "nothing to compare",
                        "add `match: meaning`");
            }
            return Match.BY_NAME;
        }
        return new Match(above, pins);
    }

    private double above(Section section) {
        double above = number(section.value("above").orElse(new Value.Real(NearestSkills.ABOVE)));
        if (above > 0 && above <= 1) {
            return above;
        }
        report.add(
                "E-SHAPE-01",
                "`above` is a similarity above 0, up to 1, such as " + NearestSkills.ABOVE,
                section.at("above"),
                "no similarity",
                null);
        return NearestSkills.ABOVE;
    }

    private static double number(Value value) {
        return switch (value) {
            case Value.Int(var whole) -> whole;
            case Value.Real(var real) -> real;
            case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ ->
                    Double.NaN;
        };
    }

    private Map<String, Pin> pins(Section section) {
        var pins = new LinkedHashMap<String, Pin>();
        section.struct("meant", "what was taken for which skill")
                .ifPresent(all ->
                        all.fields()
                                .forEach((asked, value) ->
                                        pin(asked, value, Report.below(section.at("meant"), asked))
                                                .ifPresent(pin -> pins.put(asked, pin))));
        return pins;
    }

    private Optional<Pin> pin(String asked, Value value, List<String> at) {
        var content = Section.struct(value, at, "an object such as `{ skill: translate }`", report);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var section = new Section(content.get(), Keys.MEANT, at, report);
        if (!section.has("skill")) {
            section.missing("skill", "translate");
        }
        var skill = name("skill", section);
        var next = name("next", section);
        return skill.map(one ->
                new Pin(
                        one,
                        new Meant(
                                asked,
                                similarity("similarity", section),
                                next.map(other ->
                                                new Meant.Near(
                                                        other,
                                                        similarity("next_similarity", section)))
                                        .orElse(null))));
    }

    private Optional<SkillId> name(String key, Section section) {
        return section.text(key, "the name of a skill")
                .flatMap(text -> new Skilled(report).read(text, section.at(key)))
                .map(Skilled.One::skill);
    }

    private static double similarity(String key, Section section) {
        double similarity = number(section.value(key).orElse(Value.of(1)));
        return Double.isNaN(similarity) ? 1 : similarity;
    }

    /// The document with what was found, so that it is found there from now on.
    static Value.Struct settled(Value.Struct document, SequencedMap<String, Pin> pins) {
        if (pins.isEmpty() || !(document.get("dispatch") instanceof Value.Struct dispatch)) {
            return document;
        }
        var meant = new LinkedHashMap<String, Value>();
        pins.forEach((asked, pin) -> meant.put(asked, written(pin)));
        return document.with("dispatch", dispatch.with("meant", new Value.Struct(meant)));
    }

    private static Value written(Pin pin) {
        var written =
                Value.struct(
                        "skill",
                        Value.text(pin.skill().value()),
                        "similarity",
                        new Value.Real(pin.meant().similarity()));
        var next = pin.meant().next();
        return next == null
                ? written
                : written.with("next", Value.text(next.skill().value()))
                        .with("next_similarity", new Value.Real(next.similarity()));
    }
}
