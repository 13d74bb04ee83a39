package dev.tutti.core.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an agent says of itself beside its skills, for tasks that require it.
///
/// @param labels words such as `eu` or `local`
/// @param versions of its skills, where it says one
public record Traits(List<String> labels, Map<SkillId, Version> versions) {
    public static final Traits NONE = new Traits(List.of(), Collections.emptyMap());

    public Traits {
        labels = List.copyOf(labels);
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
}
