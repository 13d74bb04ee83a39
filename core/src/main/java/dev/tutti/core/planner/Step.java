package dev.tutti.core.planner;

import dev.tutti.core.event.SkillId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One use of a skill in a plan.
///
/// @param name of the task
/// @param input for each field of the skill's input the template that yields it
/// @param each the template of the list for whose items it is used, or null
/// @param after the steps whose outputs it takes, in the order of the plan
/// @param usd what it is expected to cost, all items together
/// @param seconds how long it is expected to take
/// @param success how likely it succeeds, all items together
public record Step(
        String name,
        SkillId skill,
        SequencedMap<String, String> input,
        @Nullable String each,
        List<String> after,
        double usd,
        double seconds,
        double success) {
    public Step {
        input = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(input));
        after = List.copyOf(after);
    }
}
