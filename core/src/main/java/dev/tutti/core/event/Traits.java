package dev.tutti.core.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an agent says of itself beside its skills, for tasks that require it.
///
/// @param labels words such as `eu` or `local`
/// @param versions of its skills, where it says one
/// @param trust how far the team trusts it, from 0 to 1; 0 where nothing is said
public record Traits(List<String> labels, Map<SkillId, Version> versions, double trust) {
    public static final Traits NONE = new Traits(List.of(), Collections.emptyMap());

    /// Where nothing is said of trust.
    public Traits(List<String> labels, Map<SkillId, Version> versions) {
        this(labels, versions, 0);
    }

    public Traits {
        labels = List.copyOf(labels);
        if (!(trust >= 0 && trust <= 1)) {
            throw new IllegalArgumentException("trust " + trust);
        }
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
}
