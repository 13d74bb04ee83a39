package dev.tutti.core.plan;

import dev.tutti.core.event.Type;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What the expressions of one place may name: what the whole plan knows, and what only this place
/// does.
///
/// @param everywhere shared by all places, so that a place costs only what it adds
record Variables(Map<String, Type> everywhere, PMap<String, Type> here) {

    Variables(Map<String, Type> everywhere) {
        this(everywhere, HashTreePMap.empty());
    }

    Variables with(String name, Type type) {
        return new Variables(everywhere, here.plus(name, type));
    }

    boolean has(String name) {
        return here.containsKey(name) || everywhere.containsKey(name);
    }

    /// All names that may be named.
    Set<String> names() {
        var names = new LinkedHashSet<>(everywhere.keySet());
        names.addAll(here.keySet());
        return names;
    }

    /// The type of a variable; any where there is none.
    Type type(String name) {
        var type = here.get(name);
        return type != null ? type : everywhere.getOrDefault(name, Type.Any.ANY);
    }
}
