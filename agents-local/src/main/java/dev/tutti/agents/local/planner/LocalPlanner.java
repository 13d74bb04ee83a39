package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.PlanLibrary.Trial;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Plans for a request in plain words by what has served for requests like it.
///
/// Settings: `plans`, the file of past plans, beside the team file; one in the store where it is
/// not said. `embeddings: false` for words alone. As long as rounds are left its plans are called
/// partial, so that it is asked once more when all is done: then it keeps what served.
final class LocalPlanner implements AgentExecutor {
    private static final List<String> SETTINGS = List.of("plans", "embeddings");
    private static final int LONGEST_GOAL = 20_000;

    private final Path store;
    private final Path base;

    LocalPlanner(AgentSettings settings) {
        store = settings.store();
        base = settings.base();
        for (var name : settings.agent().settings().fields().keySet()) {
            if (!SETTINGS.contains(name)) {
                throw new IllegalArgumentException(
                        "`"
                                + name
                                + "` is not a setting of local/planner; it takes "
                                + String.join(", ", SETTINGS));
            }
        }
    }

    @Override
    public Outcome perform(Attempt attempt) throws IOException {
        var letter = new Letter(attempt.input());
        if (letter.goal().isEmpty() || letter.goal().length() > LONGEST_GOAL) {
            throw new IllegalArgumentException(
                    "`goal` is to be a text of 1 to " + LONGEST_GOAL + " characters");
        }
        var library = library(attempt.settings());
        var run = attempt.run().value();
        var failed = letter.failedSkills();
        boolean over = letter.plan().stream().allMatch(Letter.Planned::isOver);
        var tried = letter.shape();
        if (!tried.skills().isEmpty() && (over || !failed.isEmpty())) {
            library.keep(new Trial(letter.goal(), tried, failed.isEmpty(), run));
            if (failed.isEmpty()) {
                return Outcome.succeeded(Draft.finished(letter));
            }
        }
        var repertoire = new Repertoire(byMeaning(attempt.settings()));
        letter.skills().forEach(skill -> repertoire.skill(skill, letter.description(skill)));
        library.plans().forEach(repertoire::plan);
        var proposal = repertoire.propose(letter.goal(), failed);
        var shape = covering(letter, proposal.plan(), failed);
        if (shape.skills().isEmpty()) {
            return refused(
                    "no_plan",
                    "nothing that the team can do is like this request; skills: "
                            + String.join(", ", letter.skills()));
        }
        var draft = new Draft(letter, shape);
        return draft.unbound().isEmpty()
                ? Outcome.succeeded(draft.proposal(proposal.like()))
                : refused("unbound", String.join("; ", draft.unbound()));
    }

    /// With skills at the end for what is wanted and would not be there.
    private static Shape covering(Letter letter, Shape plan, Set<String> failed) {
        var covering = plan;
        for (var want : letter.wants()) {
            var yielding = new LinkedHashSet<String>();
            for (var skill : letter.skills()) {
                if (letter.outputs(skill).contains(want) && !failed.contains(skill)) {
                    yielding.add(skill);
                }
            }
            if (!yielding.isEmpty() && covering.skills().stream().noneMatch(yielding::contains)) {
                covering = covering.with(yielding.getFirst(), covering.skills().size());
            }
        }
        return covering;
    }

    private PlanLibrary library(Value.Struct settings) {
        return new PlanLibrary(
                settings.get("plans") instanceof Value.Text(var file)
                        ? base.resolve(file)
                        : store.resolve("plans").resolve("library.jsonl"));
    }

    private static boolean byMeaning(Value.Struct settings) {
        return !Value.of(false).equals(settings.get("embeddings"));
    }

    private static Outcome refused(String code, String message) {
        return Outcome.failed(new Failure.Permanent(code, message));
    }
}
