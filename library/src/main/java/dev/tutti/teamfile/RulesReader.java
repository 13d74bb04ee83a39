package dev.tutti.teamfile;

import dev.tutti.core.event.Task.Rule;
import dev.tutti.core.event.Task.Rule.Decision;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads `policy`: rules in order, each an object with one decision and its condition.
final class RulesReader {
    private RulesReader() {}

    /// Makes of a condition, as written, what is kept of it.
    interface Condition {
        String of(String written, List<String> at);
    }

    /// Conditions that are checked with the rest of a plan.
    static String asWritten(String written, List<String> at) {
        return written;
    }

    /// The rules; `true` and `false` as conditions are the texts `${true}` and `${false}`.
    static List<Rule> read(Section section, Report report, Condition condition) {
        var at = section.at("policy");
        var rules = new ArrayList<Rule>();
        if (!(section.value("policy").orElse(Value.Array.EMPTY)
                instanceof Value.Array(var items))) {
            section.value("policy")
                    .ifPresent(value -> report.add(Section.shape(value, at, "a list of rules")));
            return rules;
        }
        for (int i = 0; i < items.size(); i++) {
            var here = Report.below(at, Integer.toString(i));
            Section.struct(items.get(i), here, "an object such as `{ ask: true }`", report)
                    .flatMap(rule -> rule(rule, here, report, condition))
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private static Optional<Rule> rule(
            Value.Struct content, List<String> at, Report report, Condition condition) {
        var section = new Section(content, Keys.RULE, at, report);
        var said = Arrays.stream(Decision.values()).filter(one -> section.has(one.word())).toList();
        if (said.size() != 1) {
            report.add(
                    "E-KEY-03",
                    "a rule says one of allow, deny and ask",
                    at,
                    said.isEmpty() ? "says nothing" : "says more than one",
                    "write one rule for each, such as `{ ask: true }`");
            return Optional.empty();
        }
        var decision = said.getFirst();
        var word = decision.word();
        if (section.value(word).orElse(Value.NULL) instanceof Value.Bool(var always)) {
            return Optional.of(new Rule(decision, "${" + always + "}"));
        }
        return section.text(word, "a condition, or true")
                .map(text -> new Rule(decision, condition.of(text, section.at(word))));
    }
}
