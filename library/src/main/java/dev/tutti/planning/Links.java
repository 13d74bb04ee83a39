package dev.tutti.planning;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import dev.tutti.planning.Proposals.Findings;
import dev.tutti.planning.Proposals.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who waits for whom, from the tasks' own `dependencies` and from links that stand apart, as
/// `after`.
final class Links {
    private static final List<String> FROM = List.of("source", "from", "start");
    private static final List<String> TO = List.of("target", "to", "end");
    private static final List<String> NOBODY = List.of("", "-1", "none", "null", "start");

    /// `node-0`, `<task-2>`, `step 3`, or a number alone.
    private static final Pattern NUMBERED =
            Pattern.compile("<?(?:(?:node|task|step)[-_ ]?)?(\\d{1,6})>?");

    private final List<Draft> drafts;
    private final Known known;
    private final Findings findings;
    private final SequencedMap<String, List<Draft>> byName = new LinkedHashMap<>();
    private final List<SequencedSet<String>> after = new ArrayList<>();

    Links(List<Draft> drafts, Known known, Findings findings) {
        this.drafts = drafts;
        this.known = known;
        this.findings = findings;
        for (var draft : drafts) {
            byName.computeIfAbsent(draft.given(), _ -> new ArrayList<>()).add(draft);
            after.add(new LinkedHashSet<>());
        }
        for (var draft : drafts) {
            byName.computeIfAbsent(draft.name(), _ -> new ArrayList<>(List.of(draft)));
        }
    }

    /// Puts all dependencies into the drafts.
    void add(Value.Array apart) {
        for (var draft : drafts) {
            var at = Parts.below(draft.at(), "after");
            switch (draft.get("after")) {
                case Value.Array(var items) -> items.forEach(item -> depend(draft, item, at));
                case null -> {}
                case Value value -> depend(draft, value, at);
            }
        }
        for (int i = 0; i < apart.items().size(); i++) {
            link(apart.items().get(i), List.of("links", Integer.toString(i)));
        }
        for (var draft : drafts) {
            var names = after.get(draft.index());
            if (!names.isEmpty()) {
                draft.put(
                        "after", new Value.Array(names.stream().<Value>map(Value::text).toList()));
            } else if (draft.get("after") != null) {
                draft.put("after", Value.Array.EMPTY);
            }
        }
    }

    private void depend(Draft draft, Value on, List<String> at) {
        var name = name(on);
        if (name == null) {
            findings.fault(
                    "E-PROPOSAL-02",
                    "a dependency is the name of a task",
                    at,
                    Value.shape(on),
                    null);
        } else if (!NOBODY.contains(name.strip().toLowerCase(Locale.ROOT))) {
            join(find(name), List.of(draft), name, draft.given(), at);
        }
    }

    private void link(Value link, List<String> at) {
        var from = end(link, FROM, 0);
        var to = end(link, TO, 1);
        if (from == null || to == null) {
            findings.fault(
                    "E-PROPOSAL-02",
                    "a link has a `source` and a `target`",
                    at,
                    Value.shape(link),
                    "write `{ \"source\": \"…\", \"target\": \"…\" }`");
            return;
        }
        join(find(from), find(to), from, to, at);
    }

    private static @Nullable String end(Value link, List<String> keys, int index) {
        return switch (link) {
            case Value.Struct struct -> name(Parts.first(struct, keys));
            case Value.Array(var items) -> items.size() == 2 ? name(items.get(index)) : null;
            default -> null;
        };
    }

    private static @Nullable String name(@Nullable Value value) {
        return switch (value) {
            case Value.Text(var text) -> text;
            case Value.Int(var number) -> Long.toString(number);
            case null, default -> null;
        };
    }

    /// The tasks of the proposal that a name may mean.
    private List<Draft> find(String name) {
        var exact = byName.get(name);
        if (exact == null) {
            exact = byName.get(Draft.id(name));
        }
        if (exact != null) {
            return exact;
        }
        var number = NUMBERED.matcher(name.strip());
        if (number.matches()) {
            int index = Integer.parseInt(number.group(1));
            return index < drafts.size() ? List.of(drafts.get(index)) : List.of();
        }
        return List.of();
    }

    private void join(
            List<Draft> sources, List<Draft> targets, String from, String to, List<String> at) {
        if (sources.isEmpty() || targets.isEmpty()) {
            dangling(sources, targets, from, to, at);
        } else if (sources.size() == 1 && targets.size() == 1) {
            join(sources.getFirst(), targets.getFirst(), at);
        } else {
            namesakes(sources, targets, from, to, at);
        }
    }

    private void join(Draft source, Draft target, List<String> at) {
        if (source.index() == target.index()) {
            findings.repair(
                    Repair.Kind.SELF_DEPENDENCY,
                    at,
                    "`" + target.name() + "` does not wait for itself");
        } else {
            wait(target, source.name(), at);
        }
    }

    private void wait(Draft target, String source, List<String> at) {
        if (!after.get(target.index()).add(source)) {
            findings.repair(
                    Repair.Kind.DUPLICATE_DEPENDENCY,
                    at,
                    "`" + target.name() + "` waits for `" + source + "` once");
        }
    }

    private void namesakes(
            List<Draft> sources, List<Draft> targets, String from, String to, List<String> at) {
        boolean any = false;
        for (var source : sources) {
            for (var target : targets) {
                if (source.index() < target.index()) {
                    after.get(target.index()).add(source.name());
                    any = true;
                }
            }
        }
        var what = "`" + Draft.shown(from) + "` before `" + Draft.shown(to) + "`";
        if (any) {
            findings.repair(
                    Repair.Kind.AMBIGUOUS_DEPENDENCY,
                    at,
                    what + " holds for all tasks of these names, in their order");
        } else {
            findings.fault(
                    "E-PROPOSAL-02",
                    what + " may mean several tasks, none of them in this order",
                    at,
                    "ambiguous",
                    "give each task a name of its own");
        }
    }

    private void dangling(
            List<Draft> sources, List<Draft> targets, String from, String to, List<String> at) {
        if (sources.isEmpty() && known.tasks().contains(from) && !targets.isEmpty()) {
            targets.forEach(target -> wait(target, from, at));
            return;
        }
        var missing = sources.isEmpty() ? from : to;
        var names = new ArrayList<>(byName.sequencedKeySet());
        names.addAll(known.tasks());
        var near = Similar.to(missing, names);
        if (near.isPresent()) {
            findings.fault(
                    "E-PROPOSAL-02",
                    "there is no task `" + Draft.shown(missing) + "` to depend on or to wait",
                    at,
                    "unknown task",
                    "write `" + near.get() + "`");
        } else {
            findings.repair(
                    Repair.Kind.DANGLING_DEPENDENCY,
                    at,
                    "drops `"
                            + Draft.shown(from)
                            + "` before `"
                            + Draft.shown(to)
                            + "`, as there is no `"
                            + Draft.shown(missing)
                            + "`");
        }
    }
}
