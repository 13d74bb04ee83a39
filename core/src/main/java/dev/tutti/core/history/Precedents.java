package dev.tutti.core.history;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the agents of a run have on record elsewhere: what they gave when they were given the same,
/// how steady they are, and of which shapes their results are.
///
/// Fed run by run. What is kept of a run is a few hashes for each of its results, and the whole
/// result only where somebody in question was given the same.
public final class Precedents {
    private static final int MOST_OF_A_KIND = 50;
    private static final int MOST_SHAPES = 200;
    private static final int MOST_KEYS = 500_000;

    /// Without any repetition on record, an agent counts as steady nine times out of ten.
    private static final int STEADY = 9;

    private final Profiles profiles;
    private final Map<String, List<Precedent>> wanted = new LinkedHashMap<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final Map<String, Repeats> repeats = new LinkedHashMap<>();
    private final Map<String, Shapes> shapes = new LinkedHashMap<>();
    private int runs;

    /// Tells agents apart: the same name with other settings is another agent.
    @FunctionalInterface
    public interface Profiles {
        /// What an agent of a run is, in a word that no other agent has.
        ///
        /// @param run what was asked: settings may depend on the inputs
        String of(Event.RunStarted run, AgentId agent);
    }

    /// What came of the same input another time.
    ///
    /// @param run where
    /// @param at the event
    /// @param vouched whether somebody says that this run was right
    public record Precedent(RunId run, long at, Value output, boolean vouched) {}

    private static final class Repeats {
        private int alike;
        private int unlike;
    }

    private static final class Shapes {
        private final Set<String> seen = new LinkedHashSet<>();
        private int results;
    }

    private final RunId own;
    private final Chronicle chronicle;

    /// Precedents for what is in question in a run.
    public Precedents(Chronicle run, Profiles profiles) {
        this.profiles = profiles;
        chronicle = run;
        own = run.start().run();
        for (var account : run.accounts()) {
            for (var contribution : account.contributions()) {
                var key = key(run, contribution);
                if (key != null) {
                    wanted.computeIfAbsent(key, _ -> new ArrayList<>())
                            .add(
                                    new Precedent(
                                            own, contribution.at(), contribution.output(), false));
                }
            }
        }
    }

    /// Takes in another run.
    ///
    /// @param vouched whether somebody says that it was right
    public void see(Chronicle other, boolean vouched) {
        var run = other.start().run();
        if (run.equals(own)) {
            return;
        }
        runs++;
        long copied = copied(other);
        for (var account : other.accounts()) {
            for (var contribution : account.contributions()) {
                var key = contribution.at() <= copied ? null : key(other, contribution);
                if (key != null) {
                    see(run, other, contribution, key, vouched);
                }
            }
        }
    }

    /// Up to which event another run says nothing new: a fork begins with the events of the run
    /// that it came from, and so this one may have.
    private long copied(Chronicle other) {
        if (other.start().origin() instanceof Origin.Fork fork) {
            return fork.at();
        }
        return chronicle.start().origin() instanceof Origin.Fork fork
                        && fork.from().equals(other.start().run())
                ? fork.at()
                : 0;
    }

    private void see(
            RunId run, Chronicle other, Contribution contribution, String key, boolean vouched) {
        var known = wanted.get(key);
        if (known != null && (vouched || known.size() < MOST_OF_A_KIND)) {
            known.add(new Precedent(run, contribution.at(), contribution.output(), vouched));
        }
        var kind = kind(other, contribution);
        var output = Digest.hash(contribution.output());
        var before = outputs.get(key);
        if (before != null) {
            var counts = repeats.computeIfAbsent(kind, _ -> new Repeats());
            counts.alike += before.equals(output) ? 1 : 0;
            counts.unlike += before.equals(output) ? 0 : 1;
        } else if (outputs.size() < MOST_KEYS) {
            outputs.put(key, output);
        }
        var all = shapes.computeIfAbsent(kind, _ -> new Shapes());
        all.results++;
        if (all.seen.size() < MOST_SHAPES) {
            all.seen.add(shape(contribution.output()));
        }
    }

    /// How many other runs were taken in.
    public int runs() {
        return runs;
    }

    /// What came of the same input, by the same agent, other times: in other runs, and in this one.
    List<Precedent> of(Contribution contribution) {
        var key = key(chronicle, contribution);
        var known = key == null ? null : wanted.get(key);
        return known == null
                ? List.of()
                : known.stream()
                        .filter(one -> !(one.run().equals(own) && one.at() == contribution.at()))
                        .toList();
    }

    /// How often, of a hundred times that the agent was given the same again, it gave the same.
    double steadiness(Contribution contribution) {
        var counts = repeats.getOrDefault(kind(chronicle, contribution), new Repeats());
        return (counts.alike + STEADY) / (counts.alike + counts.unlike + STEADY + 1.0);
    }

    /// How many results of the agent are on record none of which has this shape; 0 when one has, or
    /// when there are too many shapes to tell.
    int without(Contribution contribution) {
        var all = shapes.get(kind(chronicle, contribution));
        return all == null
                        || all.seen.size() >= MOST_SHAPES
                        || all.seen.contains(shape(contribution.output()))
                ? 0
                : all.results;
    }

    /// The one who did it and what it can tell the work by, without the input.
    private String kind(Chronicle run, Contribution contribution) {
        var task = run.declaration(contribution.task().name());
        var performer =
                task == null
                        ? ""
                        : switch (task.performer()) {
                            case Task.Performer.BySkill(var skill, _, _) -> "skill " + skill;
                            case Task.Performer.ByAgent _ -> "agent";
                            case Task.Performer.ByWorkflow(var workflow) ->
                                    "workflow " + workflow + " of " + run.start().team();
                            case Task.Performer.ByMessage _ -> "message";
                        };
        var agent = contribution.agent();
        return performer + "\n" + (agent == null ? "" : profiles.of(run.start(), agent));
    }

    /// The one who did it and all that it was given; null for people and messages, who owe nobody
    /// the same again.
    private @Nullable String key(Chronicle run, Contribution contribution) {
        return switch (contribution.means()) {
            case AGENT, CHILD ->
                    kind(run, contribution)
                            + "\n"
                            + (contribution.feedback() == null ? "" : contribution.feedback())
                            + "\n"
                            + Digest.hash(contribution.input());
            case PERSON, MESSAGE, SKIPPED, FAILED -> null;
        };
    }

    /// Names and types of a value, without what is there.
    private static String shape(Value value) {
        return switch (value) {
            case Value.Null _ -> "null";
            case Value.Bool _ -> "bool";
            case Value.Int _, Value.Real _ -> "number";
            case Value.Text(var text) -> text.isEmpty() ? "empty" : "text";
            case Value.Array(var items) -> {
                var inner = new LinkedHashSet<String>();
                items.forEach(item -> inner.add(shape(item)));
                yield inner.stream().sorted().toList().toString();
            }
            case Value.Struct(var fields) -> {
                var inner = new ArrayList<String>();
                fields.forEach((name, field) -> inner.add(name + ":" + shape(field)));
                yield inner.stream().sorted().toList().toString();
            }
        };
    }
}
