package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/// One value of several, field by field.
final class Merging {
    private static final int DEEPEST = 20;

    private Merging() {}

    /// @param confidence of its least certain field
    record Merged(Value value, double confidence) {}

    static Merged of(List<Given> given, Likeness likeness) {
        return merge(given.stream().map(one -> one.output()).toList(), given, likeness, 0);
    }

    private static Merged merge(
            List<Value> values, List<Given> given, Likeness likeness, int depth) {
        if (depth < DEEPEST && values.stream().allMatch(Value.Struct.class::isInstance)) {
            return fields(values, given, likeness, depth);
        }
        if (values.stream().allMatch(Value.Array.class::isInstance)) {
            return new Merged(items(values, likeness), 1);
        }
        var ballots = new ArrayList<Given>();
        for (int i = 0; i < values.size(); i++) {
            var from = given.get(i);
            ballots.add(new Given(from.agent(), values.get(i), values.get(i), from.sources()));
        }
        var voted = Resolving.vote(ballots, likeness);
        return new Merged(voted.output(), voted.confidence());
    }

    private static Merged fields(
            List<Value> values, List<Given> given, Likeness likeness, int depth) {
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
                var merged = merge(those, having, likeness, depth + 1);
                fields.put(name, merged.value());
                confidence = Math.min(confidence, merged.confidence());
            }
        }
        return new Merged(new Value.Struct(fields), confidence);
    }

    private static Value items(List<Value> lists, Likeness likeness) {
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
