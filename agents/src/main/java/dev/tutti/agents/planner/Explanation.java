package dev.tutti.agents.planner;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.planner.Answer.Missing;
import dev.tutti.core.planner.Answer.None;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Says in words why there is no plan, and what would make one possible.
final class Explanation {
    private Explanation() {}

    static String of(None none, Map<String, Type> wants, Set<SkillId> failed) {
        var sentences = new ArrayList<String>();
        sentences.add("there is no plan for " + quoted(wants.keySet()));
        for (var missing : none.missing()) {
            sentences.add(of(missing));
        }
        if (!none.skills().isEmpty()) {
            sentences.add("an agent with skill " + quoted(none.skills()) + " would help");
        }
        if (!none.then().isEmpty()) {
            sentences.add("the plan would then be: " + joined(none.then()));
        }
        if (!none.producible().isEmpty()) {
            sentences.add("what can be had: " + quoted(none.producible()));
        }
        if (!failed.isEmpty()) {
            sentences.add(quoted(failed) + " failed before");
        }
        return String.join("; ", sentences);
    }

    private static String of(Missing missing) {
        var what = "`" + missing.name() + "` (" + missing.type() + ")";
        var text =
                missing.neededBy().isEmpty()
                        ? "no agent has a skill that yields " + what
                        : what
                                + " is missing, which "
                                + quoted(missing.neededBy())
                                + (missing.neededBy().size() == 1 ? " needs" : " need")
                                + ": give it as an input, or add an agent with a skill that yields"
                                + " it";
        return missing.instead().isEmpty() ? text : text + " (" + missing.instead() + ")";
    }

    private static String quoted(Collection<?> names) {
        return String.join(", ", names.stream().map(name -> "`" + name + "`").toList());
    }

    private static String joined(List<SkillId> skills) {
        return String.join(", ", skills.stream().map(SkillId::value).toList());
    }
}
