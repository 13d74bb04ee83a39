package dev.tutti.core.event;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent must be to do a task, beside having the skill.
///
/// @param labels that it must have, all of them
/// @param version that its own of the skill must be able to stand for, or null for any
public record Require(List<String> labels, @Nullable Version version) {
    public static final Require NONE = new Require(List.of(), null);

    public Require {
        labels = List.copyOf(labels);
    }

    public boolean isNone() {
        return labels.isEmpty() && version == null;
    }

    /// Whether an agent has all labels.
    public boolean labelled(Agent agent) {
        return agent.traits().labels().containsAll(labels);
    }

    /// Whether the version of an agent's skill will do. An agent that says none has none.
    public boolean current(Agent agent, SkillId skill) {
        if (version == null) {
            return true;
        }
        var own = agent.traits().versions().get(skill);
        return own != null && own.standsFor(version);
    }

    /// As people read it: `version 2.0 and labels eu, local`.
    @Override
    public String toString() {
        var words = new ArrayList<String>();
        if (version != null) {
            words.add("version " + version);
        }
        if (!labels.isEmpty()) {
            words.add((labels.size() == 1 ? "label " : "labels ") + String.join(", ", labels));
        }
        return String.join(" and ", words);
    }
}
