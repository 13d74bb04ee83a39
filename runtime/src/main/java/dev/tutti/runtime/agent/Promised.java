package dev.tutti.runtime.agent;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.json.Json;
import java.util.List;

/// What an agent reports against what it promised: whoever hears reports asks this before the
/// engine does, so that no agent is believed on its word.
public final class Promised {
    private Promised() {}

    /// The outcome if it is what the performer promised. A result that is not of its skill's type
    /// is a failed attempt; it may have more than was asked for.
    public static Outcome kept(Team team, Performer performer, Outcome outcome) {
        if (outcome instanceof Outcome.HandedOver handed && !Json.fits(handed.what())) {
            return unfit(handed.usage());
        }
        if (!(outcome instanceof Outcome.Succeeded(var output, var usage))) {
            return outcome;
        }
        if (!Json.fits(output)) {
            return unfit(usage);
        }
        if (!(performer instanceof Performer.BySkill(var skill, _, _))) {
            return outcome;
        }
        var faults =
                team.skill(skill).output().check(output, List.of("output")).stream()
                        .filter(fault -> !fault.code().equals(Type.UNKNOWN_FIELD))
                        .toList();
        return faults.isEmpty()
                ? outcome
                : new Outcome.Failed(
                        new Failure.Rejected(
                                "output",
                                "the result is not what skill `"
                                        + skill
                                        + "` promises: "
                                        + faults.getFirst()),
                        usage);
    }

    private static Outcome unfit(Usage usage) {
        return new Outcome.Failed(
                new Failure.Permanent(
                        "bad_output", "the result is nested too deep or too long to be kept"),
                usage);
    }
}
