package dev.tutti.learning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.forecast.Experience;
import dev.tutti.forecast.Forecast;
import dev.tutti.planning.Lint;
import dev.tutti.teamfile.Edit;
import dev.tutti.teamfile.TeamFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Looks for a cheaper or faster plan of equal quality: one change after the other is made on
/// paper, foreseen, and kept where it helps.
///
/// Quality is what the gates of tasks say (`accept` and `verify`), nothing else. Where a task has
/// no gate nothing is known of it, and who does it stays as it is. Of a goal, whether its planner
/// is needed is looked at first; where it is, nothing else is.
public final class Improver {

    /// Fewer judged results of an agent than this say too little.
    private static final int LEAST_JUDGED = 20;

    /// By how much the share that passes may be lower, at its least likely.
    private static final double SLACK = 0.05;

    /// A second look that agreed so often without exception lets at most three in a hundred through
    /// that it would not have (the rule of three).
    private static final int ALWAYS_AGREED = 100;

    private static final double RULE_OF_THREE = 3.0;

    /// A task with replicas has two at least.
    private static final int LEAST_REPLICAS = 2;

    /// What is not better by so much is not worth a change.
    private static final double WORTH = 0.01;

    private static final double SUCCESS = 0.01;
    private static final double TIME = 0.05;

    private final String workflow;
    private final Experience experience;
    private final BiFunction<Team, Workflow, Forecast> foresee;
    private final List<Change> changes = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private Value.Struct document;
    private Forecast forecast;

    private Improver(
            Value.Struct document,
            String workflow,
            Experience experience,
            BiFunction<Team, Workflow, Forecast> foresee) {
        this.document = document;
        this.workflow = workflow;
        this.experience = experience;
        this.foresee = foresee;
        forecast = Forecast.none(experience.runs());
    }

    /// Improves a workflow.
    ///
    /// @param document of the team
    /// @param foresee the forecast of a workflow of a team; the same each time for the same
    public static Improvement of(
            Value.Struct document,
            String workflow,
            Experience experience,
            BiFunction<Team, Workflow, Forecast> foresee) {
        var improver = new Improver(document, workflow, experience, foresee);
        return improver.current(document).planner() == null
                ? improver.improved()
                : improver.settled();
    }

    private Improvement improved() {
        forecast = foresee(document);
        var now = forecast;
        changeTasks();
        return improvement(now, changes.stream().map(Change::edit).toList());
    }

    private Improvement improvement(Forecast now, List<Edit> edits) {
        return new Improvement(changes, now, forecast, document, edits, left);
    }

    private void changeTasks() {
        for (var task : current(document).tasks()) {
            assign(task);
            trust(task);
            spare(task);
        }
        loosen();
    }

    // ---- who plans

    /// The plan of a goal is written down where it is always the same, and is then improved like
    /// any other.
    private Improvement settled() {
        var goal = document;
        var settling = Settling.of(goal, current(goal), experience);
        var change = settling.change();
        if (change == null) {
            left.add(settling.why());
            return improvement(forecast, List.of());
        }
        var written = foresee(change.edit().in(goal));
        var now = written.after(settling.seconds(), settling.usd());
        if (!isBetter(written, now)) {
            left.add(change.what() + ": would save nothing worth while");
            forecast = now;
            return improvement(now, List.of());
        }
        keep(change, written);
        changeTasks();
        return improvement(now, List.of(whole((Edit.Fill) change.edit())));
    }

    /// The tasks as they are with all that was changed of them: the file has none to be edited.
    private Edit whole(Edit.Fill fill) {
        var content = fill.keys();
        if (document.get("workflows") instanceof Value.Struct all
                && all.get(workflow) instanceof Value.Struct own
                && own.get("tasks") instanceof Value.Struct tasks) {
            content = content.with("tasks", tasks);
        }
        return new Edit.Fill(fill.at(), fill.gone(), content);
    }

    private Workflow current(Value.Struct of) {
        return TeamFile.fromDocument(of).workflow(workflow).orElseThrow();
    }

    private Forecast foresee(Value.Struct of) {
        var team = TeamFile.fromDocument(of);
        return foresee.apply(team, team.workflow(workflow).orElseThrow());
    }

    private List<String> at(String task, String... keys) {
        var at = new ArrayList<>(List.of("workflows", workflow, "tasks", task));
        at.addAll(List.of(keys));
        return at;
    }

    // ---- which agent

    private void assign(Task task) {
        if (!(task.performer() instanceof Performer.BySkill)) {
            return;
        }
        var team = TeamFile.fromDocument(document);
        var capable = Match.capable(team.agents(), task.performer());
        if (capable.size() < 2 || capable.stream().anyMatch(Agent::isHuman)) {
            return;
        }
        var all = experience.quality(task.name(), null);
        if (all.results() < LEAST_JUDGED) {
            left.add(
                    "who does `"
                            + task.name()
                            + "`: "
                            + (all.results() == 0
                                    ? "nothing is on record of how good the results are; give it `accept` or `verify`"
                                    : "only " + all.results() + " results were judged"));
            return;
        }
        Change best = null;
        var cheapest = forecast;
        for (var agent : capable) {
            var quality = experience.quality(task.name(), agent.id());
            if (quality.results() < LEAST_JUDGED
                    || quality.share() < all.share()
                    || quality.atLeast() < all.share() - SLACK) {
                continue;
            }
            var change =
                    new Change(
                            "`" + task.name() + "` by `" + agent.id() + "` alone",
                            "%d of its %d results passed, %d of all %d"
                                    .formatted(
                                            quality.passed(),
                                            quality.results(),
                                            all.passed(),
                                            all.results()),
                            new Edit.Replace(
                                    at(task.name(), "skill"),
                                    "agent",
                                    Value.text(agent.id().value())));
            var foreseen = foresee(change.edit().in(document));
            if (isBetter(foreseen, cheapest)) {
                best = change;
                cheapest = foreseen;
            }
        }
        keep(best, cheapest);
    }

    // ---- which looks

    private void trust(Task task) {
        var verify = task.policy().gate().verify();
        if (verify == null) {
            return;
        }
        var quality = experience.quality(task.name(), null);
        if (quality.passed() < quality.results()) {
            return;
        }
        if (quality.results() < ALWAYS_AGREED) {
            left.add(
                    "`verify` of `"
                            + task.name()
                            + "`: it never rejected, but "
                            + quality.results()
                            + " looks are too few; "
                            + ALWAYS_AGREED
                            + " would do");
            return;
        }
        tryOut(
                new Change(
                        "no second look at `" + task.name() + "`",
                        "it rejected none of %d results: at most %.1f %% of them would be let through that it would not have, with a certainty of 95 %%"
                                .formatted(
                                        quality.results(), 100 * RULE_OF_THREE / quality.results()),
                        new Edit.Remove(at(task.name(), "verify"))));
    }

    // ---- how many answers

    /// Proposes as few replicas as would have come to the same answer every time, whichever of them
    /// had been asked.
    private void spare(Task task) {
        var each = task.flow().each();
        if (each == null || !each.isReplicas() || each.max() <= LEAST_REPLICAS) {
            return;
        }
        var votes = experience.votes(task.name());
        int enough = each.max();
        while (enough > LEAST_REPLICAS && votes.alwaysEnough(enough - 1)) {
            enough--;
        }
        if (enough == each.max()) {
            return;
        }
        if (votes.count() < ALWAYS_AGREED) {
            left.add(
                    "`replicas` of `"
                            + task.name()
                            + "`: "
                            + enough
                            + " would always have been enough, but "
                            + votes.count()
                            + " votes are too few; "
                            + ALWAYS_AGREED
                            + " would do");
            return;
        }
        tryOut(
                new Change(
                        enough + " answers for `" + task.name() + "` in place of " + each.max(),
                        "any %d of the answers came to the same in each of %d votes: in at most %.1f %% it would be another, with a certainty of 95 %%"
                                .formatted(
                                        enough, votes.count(), 100 * RULE_OF_THREE / votes.count()),
                        new Edit.Replace(
                                at(task.name(), "replicas"), "replicas", Value.of(enough))));
    }

    // ---- which order

    private void loosen() {
        for (var fault : Lint.of(TeamFile.fromDocument(document), document)) {
            boolean here = fault.code().equals("W-LINT-03") && fault.at().get(1).equals(workflow);
            if (here) {
                var task = fault.at().get(3);
                var before = fault.at().getLast();
                tryOut(
                        new Change(
                                "`" + task + "` need not wait for `" + before + "`",
                                "nothing of `" + before + "` goes into `" + task + "`",
                                new Edit.Remove(lone(task) ? at(task, "after") : fault.at())));
            }
        }
    }

    /// Whether `after` of a task has one name only.
    private boolean lone(String task) {
        return !(document.get("workflows") instanceof Value.Struct workflows)
                || !(workflows.get(workflow) instanceof Value.Struct own)
                || !(own.get("tasks") instanceof Value.Struct tasks)
                || !(tasks.get(task) instanceof Value.Struct declared)
                || !(declared.get("after") instanceof Value.Array(var names))
                || names.size() < 2;
    }

    // ---- whether it helps

    private void tryOut(Change change) {
        var foreseen = foresee(change.edit().in(document));
        if (isBetter(foreseen, forecast)) {
            keep(change, foreseen);
        } else {
            left.add(change.what() + ": would save nothing worth while");
        }
    }

    private void keep(@Nullable Change change, Forecast foreseen) {
        if (change != null) {
            changes.add(change);
            document = change.edit().in(document);
            forecast = foreseen;
        }
    }

    /// Cheaper and hardly slower, or faster and not dearer, and succeeding as often.
    private static boolean isBetter(Forecast one, Forecast other) {
        double cost = other.cost().mean();
        double time = other.time().mean();
        boolean cheaper = one.cost().mean() < cost * (1 - WORTH);
        boolean faster = one.time().mean() < time * (1 - WORTH);
        return one.succeeds() >= other.succeeds() - SUCCESS
                && ((cheaper && one.time().mean() <= time * (1 + TIME))
                        || (faster && one.cost().mean() <= cost));
    }
}
