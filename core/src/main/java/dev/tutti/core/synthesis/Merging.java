package dev.tutti.core.synthesis;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/// One value of several, field by field.
final class Merging {
    private static final int DEEPEST = 20;

    /// Fields that are named as differing, at most.
    private static final int MOST_NAMED = 8;

    private final Likeness likeness;

    /// The fields in which they differ, with their paths.
    private final List<String> differing = new ArrayList<>();

    private Merging(Likeness likeness) {
        this.likeness = likeness;
    }

    /// @param confidence of its least certain field
    /// @param by how, and which fields differ
    record Merged(Value value, double confidence, String by) {}

    private record Part(Value value, double confidence) {}

    static Merged of(List<Given> given, Likeness likeness, Type type) {
        var merging = new Merging(likeness);
        var outputs = given.stream().map(Given::output).toList();
        var part = merging.merge(outputs, given, type, "", 0);
        return new Merged(part.value, part.confidence, "merged by field" + merging.differences());
    }

    private String differences() {
        if (differing.isEmpty()) {
            return "";
        }
        var named = String.join("`, `", differing.stream().limit(MOST_NAMED).toList());
        int more = differing.size() - MOST_NAMED;
        return ", of which `"
                + named
                + "`"
                + (more > 0 ? " and " + more + " more" : "")
                + " differ";
    }

    private Part merge(List<Value> values, List<Given> given, Type type, String path, int depth) {
        if (depth < DEEPEST && values.stream().allMatch(Value.Struct.class::isInstance)) {
            return fields(values, given, type, path, depth);
        }
        if (values.stream().allMatch(Value.Array.class::isInstance)) {
            return new Part(items(values), 1);
        }
        var ballots = new ArrayList<Given>();
        for (int i = 0; i < values.size(); i++) {
            var from = given.get(i);
            ballots.add(new Given(from.agent(), values.get(i), values.get(i), from.sources()));
        }
        boolean numbers =
                type.equals(Type.Scalar.NUMBER)
                        && values.stream()
                                .allMatch(one ->
                                        one instanceof Value.Int || one instanceof Value.Real);
        var one = numbers ? Resolving.middle(ballots) : Resolving.vote(ballots, likeness);
        if (one.confidence() < 1 && !path.isEmpty()) {
            differing.add(path);
        }
        return new Part(one.output(), one.confidence());
    }

    private Part fields(List<Value> values, List<Given> given, Type type, String path, int depth) {
        var names = new LinkedHashSet<String>();
        values.forEach(value -> names.addAll(((Value.Struct) value).fields().keySet()));
        var fields = new LinkedHashMap<String, Value>();
        double confidence = 1;
        for (var name : names) {
            var having = new ArrayList<Given>();
            var those = new ArrayList<Value>();
            for (int i = 0; i < values.size(); i++) {
                var field = ((Value.Struct) values.get(i)).get(name);
                if (field != null && !(field instanceof Value.Null)) {
                    those.add(field);
                    having.add(given.get(i));
                }
            }
            if (those.isEmpty()) {
                fields.put(name, Value.NULL);
            } else {
                var below = path.isEmpty() ? name : path + "." + name;
                var merged = merge(those, having, declared(type, name), below, depth + 1);
                fields.put(name, merged.value);
                confidence = Math.min(confidence, merged.confidence);
            }
        }
        return new Part(new Value.Struct(fields), confidence);
    }

    private static Type declared(Type type, String field) {
        var known = type instanceof Type.Struct struct ? struct.fields().get(field) : null;
        return known == null ? Type.Any.ANY : known.type();
    }

    private Value items(List<Value> lists) {
        var all = new ArrayList<Value>();
        lists.forEach(list -> all.addAll(((Value.Array) list).items()));
        var groups = likeness.groups(all);
        var once = new ArrayList<Value>();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i) == once.size()) {
                once.add(all.get(i));
            }
        }
        return new Value.Array(once);
    }
}
