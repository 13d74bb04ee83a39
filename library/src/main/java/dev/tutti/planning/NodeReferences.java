package dev.tutti.planning;

import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.planning.Proposals.Findings;
import dev.tutti.planning.Proposals.Known;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// References by number, such as `<node-0>`, as expressions; and arguments without names, named.
final class NodeReferences {
    private static final Pattern REFERENCE =
            Pattern.compile("<(?:node|task|step|output|resource|GENERATED)[-_ ]?>?-?(\\d{1,6})>?");

    /// `<input text>`: what was to be put in later, and never was.
    private static final Pattern PLACEHOLDER = Pattern.compile("<[A-Za-z][A-Za-z_ ]*>");

    private final List<Draft> drafts;
    private final Known known;
    private final Findings findings;

    NodeReferences(List<Draft> drafts, Known known, Findings findings) {
        this.drafts = drafts;
        this.known = known;
        this.findings = findings;
    }

    void resolve() {
        int first = first();
        if (first == 1) {
            findings.repair(
                    Repair.Kind.COUNTED_FROM_ONE,
                    List.of(),
                    "takes `<node-1>` for the first task, as the numbers fit no other way");
        }
        for (var draft : drafts) {
            if (draft.get("input") instanceof Value.Struct input) {
                var at = Parts.below(draft.at(), "input");
                var rewritten = (Value.Struct) Renamed.in(rewrite(input, first, at), drafts);
                draft.put("input", Arguments.named(rewritten, skill(draft)));
            }
        }
    }

    private Skill skill(Draft draft) {
        return known.skills()
                .getOrDefault(draft.skill(), Skill.undeclared(new SkillId("undeclared")));
    }

    /// The number of the first task: 0, unless some reference cannot mean an earlier task then, and
    /// all can when it is 1 and agree with the links there are.
    private int first() {
        boolean zero = true;
        boolean one = true;
        boolean linked = drafts.stream().anyMatch(draft -> draft.get("after") != null);
        for (var draft : drafts) {
            var before = linked ? before(draft) : Set.<String>of();
            for (int number : numbers(draft.get("input"))) {
                zero &= number < draft.index();
                one &=
                        number >= 1
                                && number - 1 < draft.index()
                                && (!linked || before.contains(drafts.get(number - 1).name()));
            }
        }
        return !zero && one ? 1 : 0;
    }

    /// Every task that a task waits for, as the links say, directly or not.
    private Set<String> before(Draft draft) {
        var seen = new LinkedHashSet<String>();
        var open = new ArrayDeque<>(after(draft));
        while (!open.isEmpty()) {
            var name = open.remove();
            if (seen.add(name)) {
                drafts.stream()
                        .filter(one -> one.name().equals(name))
                        .forEach(one -> open.addAll(after(one)));
            }
        }
        return seen;
    }

    private static List<String> after(Draft draft) {
        return draft.get("after") instanceof Value.Array(var items)
                ? items.stream()
                        .filter(Value.Text.class::isInstance)
                        .map(item -> ((Value.Text) item).value())
                        .toList()
                : List.of();
    }

    private static List<Integer> numbers(@Nullable Value value) {
        return switch (value) {
            case Value.Text(var text) ->
                    REFERENCE
                            .matcher(text)
                            .results()
                            .map(match -> Integer.valueOf(match.group(1)))
                            .toList();
            case Value.Array(var items) ->
                    items.stream().flatMap(item -> numbers(item).stream()).toList();
            case Value.Struct(var fields) ->
                    fields.values().stream().flatMap(item -> numbers(item).stream()).toList();
            case null, default -> List.of();
        };
    }

    private Value rewrite(Value value, int first, List<String> at) {
        return switch (value) {
            case Value.Text(var text) -> Value.text(rewrite(text, first, at));
            case Value.Array(var items) -> {
                var all = new ArrayList<Value>();
                for (var item : items) {
                    all.add(rewrite(item, first, Parts.below(at, Integer.toString(all.size()))));
                }
                yield new Value.Array(all);
            }
            case Value.Struct(var fields) -> {
                var all = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) ->
                        all.put(
                                name,
                                rewrite(field, first, Parts.below(at, name.replace("\0", "")))));
                yield new Value.Struct(all);
            }
            default -> value;
        };
    }

    private String rewrite(String text, int first, List<String> at) {
        if (PLACEHOLDER.matcher(text.strip()).matches()) {
            findings.fault(
                    "E-PROPOSAL-04",
                    "`" + Draft.shown(text) + "` stands for something that nobody put in",
                    at,
                    "placeholder",
                    "name an input or the output of a task: `${input.text}`");
            return text;
        }
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> {
                    int index = Integer.parseInt(match.group(1)) - first;
                    if (index < 0 || index >= drafts.size()) {
                        findings.fault(
                                "E-PROPOSAL-03",
                                "`"
                                        + match.group()
                                        + "` is none of the "
                                        + drafts.size()
                                        + " tasks",
                                at,
                                "no such task",
                                null);
                        return Matcher.quoteReplacement(match.group());
                    }
                    return Matcher.quoteReplacement("${" + output(drafts.get(index)) + "}");
                });
    }

    /// What a task gives: the only field of its output, or all of it.
    private String output(Draft draft) {
        return skill(draft).output() instanceof Type.Struct type && type.fields().size() == 1
                ? draft.name() + "." + type.fields().firstEntry().getKey()
                : draft.name();
    }
}
