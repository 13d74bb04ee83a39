package dev.tutti.planning;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads proposals.
///
/// A proposal is an object with `tasks`, best as the team file has them:
///
/// ```json
/// { "reason": "…", "tasks": { "read": { "skill": "summarize", "input": { "text": "${input.text}" } } },
///   "drop": ["old"], "output": "${read}", "complete": true, "ledger": { "facts": [] } }
/// ```
///
/// Models write plans in other shapes too, and these are read as well: tasks as a list of objects
/// that say `name` or `id` and `dependencies`, links as a list of `source` and `target`, arguments
/// as a list, and references such as `<node-0>` to what an earlier task gives.
public final class Proposals {
    private final Known known;
    private final Findings findings = new Findings();

    private Proposals(Known known) {
        this.known = known;
    }

    /// What a proposal can count on.
    ///
    /// @param skills that agents of the team have, by id; those not declared take and give any
    ///   object
    /// @param tasks the names of those that are in the plan already
    /// @param byMeaning whether a skill may be asked for in words of any kind
    public record Known(SequencedMap<String, Skill> skills, List<String> tasks, boolean byMeaning) {
        public Known {
            skills = new LinkedHashMap<>(skills);
            tasks = List.copyOf(tasks);
        }

        /// Where skills are asked for by their names.
        public Known(SequencedMap<String, Skill> skills, List<String> tasks) {
            this(skills, tasks, false);
        }

        /// What a plan of a team can count on.
        public static Known of(Team team, List<String> tasks) {
            var skills = new LinkedHashMap<String, Skill>();
            for (var agent : team.agents()) {
                for (var id : agent.skills()) {
                    skills.put(id.value(), team.skill(id));
                }
            }
            return new Known(skills, tasks, team.terms().above() != null);
        }
    }

    /// What was read.
    ///
    /// @param proposal as far as it could be read; null when there is none
    /// @param repairs what was mended
    /// @param faults what could not be; places are from the root of the text. Empty does not mean
    ///   that the plan is sound: what its tasks say is checked as that of a team file is.
    public record Reading(@Nullable Proposal proposal, List<Repair> repairs, List<Fault> faults) {
        public Reading {
            repairs = List.copyOf(repairs);
            faults = List.copyOf(faults);
        }

        /// The proposal, when nothing is wrong with it so far.
        public Optional<Proposal> sound() {
            return faults.isEmpty() ? Optional.ofNullable(proposal) : Optional.empty();
        }
    }

    /// Reads what a model wrote. Never throws for what the text contains.
    public static Reading read(String text, Known known) {
        var proposals = new Proposals(known);
        var value = PlanText.value(text, proposals.findings);
        return proposals.reading(value.orElse(null));
    }

    /// Reads what a program put together.
    public static Reading read(Value value, Known known) {
        return new Proposals(known).reading(value);
    }

    private Reading reading(@Nullable Value value) {
        var proposal = value == null ? null : proposal(value);
        return new Reading(proposal, findings.repairs(), findings.faults());
    }

    private @Nullable Proposal proposal(Value value) {
        var parts = Parts.of(value);
        if (parts == null) {
            findings.fault(
                    "E-PROPOSAL-01",
                    "a proposal is an object with `tasks`",
                    List.of(),
                    "no tasks here",
                    "write `{ \"reason\": \"…\", \"tasks\": { … } }`");
            return null;
        }
        var drafts = Draft.all(parts, findings, known);
        new Links(drafts, known, findings).add(parts.links());
        new NodeReferences(drafts, known, findings).resolve();
        var tasks = new LinkedHashMap<String, Value>();
        drafts.forEach(draft -> tasks.put(draft.name(), draft.task()));
        return new Proposal(
                parts.reason(),
                new Value.Struct(tasks),
                parts.drop(),
                parts.output() == null ? null : Renamed.in(parts.output(), drafts),
                parts.complete(),
                parts.ledger());
    }

    /// What is found on the way.
    static final class Findings {
        private static final int MOST = 1_000;

        private final List<Repair> repairs = new ArrayList<>();
        private final List<Fault> faults = new ArrayList<>();

        List<Repair> repairs() {
            return repairs;
        }

        List<Fault> faults() {
            return faults;
        }

        void repair(Repair.Kind kind, List<String> at, String done) {
            if (repairs.size() < MOST) {
                repairs.add(new Repair(kind, at, done));
            }
        }

        void fault(
                String code, String message, List<String> at, String label, @Nullable String help) {
            if (faults.size() < MOST) {
                faults.add(new Fault(code, message, at, null, label, help));
            }
        }
    }
}
