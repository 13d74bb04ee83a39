package dev.tutti.core.history;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Contribution.Means;
import dev.tutti.core.history.Lineage.How;
import dev.tutti.core.history.Making.Link;
import dev.tutti.core.run.RunState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One run read as a graph of what was made of what. What is rested on is always what was there at
/// that moment: a task that is done anew rests on other results than it did before.
final class Trace {
    /// A run of which nothing is known.
    static final Trace NOTHING = new Trace(new RunId("none"), new Expressions());

    /// Those who amend plans and are no planners.
    private static final List<String> NO_PLANNERS =
            List.of("workflow", Amendment.RUN, "undo", "operator");

    private final RunId run;
    private final Naming naming;
    private RunState before = RunState.EMPTY;
    private long at;
    private Event.@Nullable RunStarted start;
    private Piece.@Nullable Output output;
    private Piece.@Nullable Result planner;
    private Piece.@Nullable Result outputPlanner;

    private final Map<TaskId, Making> making = new LinkedHashMap<>();
    private final Map<String, Piece> planners = new LinkedHashMap<>();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private final Map<Long, List<String>> answered = new LinkedHashMap<>();
    private final Map<String, Event.Dissented> dissents = new LinkedHashMap<>();
    private final Map<String, Piece.Artifact> artifacts = new LinkedHashMap<>();
    private final Map<Long, Piece.Turn> atWork = new LinkedHashMap<>();
    private final List<Sent> sent = new ArrayList<>();

    private final Map<Piece, Set<Link>> links = new LinkedHashMap<>();
    private final Map<Piece, List<Long>> talks = new LinkedHashMap<>();
    private final Map<TaskId, List<String>> errands = new LinkedHashMap<>();
    private final Map<Piece, RunId> children = new LinkedHashMap<>();
    private final Map<RunId, List<Link>> begunWith = new LinkedHashMap<>();
    private final Map<Piece, Trust> trusts = new LinkedHashMap<>();

    /// A message on its way to the run itself.
    private record Sent(Event.MessagePublished message, Piece by) {}

    private Trace(RunId run, Expressions expressions) {
        this.run = run;
        naming = new Naming(expressions);
    }

    static Trace of(RunId run, List<Moment> moments, Expressions expressions) {
        var trace = new Trace(run, expressions);
        for (var moment : moments) {
            trace.at = moment.sequence();
            trace.see(moment.event());
            trace.before = trace.before.evolve(moment.event());
        }
        return trace;
    }

    // ---- what is known

    /// What a task gave, or the run where `task` is null; of a task at work, the attempt. Null
    /// while there is nothing.
    @Nullable Piece find(@Nullable TaskId task) {
        if (task == null) {
            return output;
        }
        var result = naming.result(task);
        var open = making.get(task);
        return result != null || open == null ? result : atWork(task, open);
    }

    Collection<Piece> pieces() {
        return links.keySet();
    }

    /// What a piece rests on within the run.
    List<Lineage.Edge> edges(Piece piece) {
        return links.getOrDefault(piece, new LinkedHashSet<>()).stream()
                .map(link -> new Lineage.Edge(piece, link.piece(), link.how(), link.place()))
                .toList();
    }

    /// The conversations with models and tools, by the token of their first attempt.
    List<Long> talks(Piece piece) {
        return talks.getOrDefault(piece, List.of());
    }

    /// The run that a result is the output of, or null.
    @Nullable RunId child(Piece piece) {
        return children.get(piece);
    }

    /// What the inputs of a run within were made of.
    List<Link> begunWith(RunId child) {
        return begunWith.getOrDefault(child, List.of());
    }

    /// What the run came from, or null.
    @Nullable Origin origin() {
        return start == null ? null : start.origin();
    }

    /// How far a piece can be relied on by itself; null where that is not said.
    @Nullable Trust trust(Piece piece) {
        return switch (piece) {
            case Piece.Result result -> trusts.getOrDefault(piece, trust(result.means()));
            case Piece.Noted _ -> trusts.get(piece);
            case Piece.Turn _, Piece.Joined _ -> Trust.AGENT;
            case Piece.Message _ -> edges(piece).isEmpty() ? Trust.OUTSIDE : null;
            case Piece.Answer _, Piece.Edited _ -> Trust.PERSON;
            case Piece.Output _, Piece.Asked _, Piece.Call _, Piece.Artifact _ -> null;
        };
    }

    private static @Nullable Trust trust(Means means) {
        return switch (means) {
            case AGENT, CHILD -> Trust.AGENT;
            case PERSON -> Trust.PERSON;
            case MESSAGE -> Trust.OUTSIDE;
            case SKIPPED, FAILED -> null;
        };
    }

    // ---- what is seen

    private void see(Event event) {
        switch (event) {
            case Event.RunStarted e -> {
                start = e;
                for (var name : e.inputs().fields().keySet()) {
                    naming.asked(piece(new Piece.Asked(run, name), List.of()));
                }
            }
            case Event.PlanAmended e -> amended(e);
            case Event.TaskRevised e -> naming.plan(e.task());
            case Event.TasksReset e -> {
                making.keySet().removeIf(id -> e.tasks().contains(id.name()));
                naming.forget(e.tasks());
            }
            case Event.TaskHeld e -> given(e.task(), e.input());
            case Event.TaskReady e -> given(e.task(), e.input());
            case Event.InputGiven e -> edited(e.task(), e.input());
            case Event.Assigned e -> {
                making(e.task()).begin(Means.AGENT, e.agent(), e.token(), null);
                errandsDone(e.task());
            }
            case Event.ErrandsAwaited e -> errands.put(e.task(), e.errands());
            case Event.ChildStarted e -> {
                making(e.task()).begin(Means.CHILD, e.agent(), e.token(), e.child());
                begunWith.put(e.child(), making(e.task()).links());
            }
            case Event.Awaited e -> awaited(e);
            case Event.Claimed e -> {
                var message = naming.message(e.message());
                if (message != null) {
                    making(e.task()).meet(new Link(message, How.MESSAGE, ""));
                }
            }
            case Event.MessageReceived e -> received(e);
            case Event.MessagePublished e -> {
                var by = naming.result(e.task());
                if (run.equals(e.to()) && by != null) {
                    sent.add(new Sent(e, by));
                }
            }
            case Event.QuestionAsked e -> {
                questions.put(e.question().id(), e.question());
                var task = e.question().task();
                if (task != null && e.token() != 0) {
                    var asked = making(task);
                    asked.begin(Means.PERSON, asked.agent(), e.token(), null);
                }
            }
            case Event.QuestionAnswered e ->
                    answered.computeIfAbsent(e.question(), _ -> new ArrayList<>()).add(e.by());
            case Event.QuestionClosed e -> closed(e);
            case Event.ArtifactStored e -> {
                var artifact =
                        artifacts.computeIfAbsent(
                                e.hash(),
                                hash ->
                                        new Piece.Artifact(
                                                run, at, hash, e.size(), e.mediaType(), e.name()));
                links.computeIfAbsent(artifact, _ -> new LinkedHashSet<>());
                making(e.task()).meet(new Link(artifact, How.STORED, ""));
            }
            case Event.AttemptEnded e -> failed(e);
            case Event.ResultProposed e -> proposed(e);
            case Event.HandedOver e -> handedOver(e);
            case Event.Iterated e -> {
                var result = result(e.task(), e.token(), e.usage());
                making(e.task()).goOn(new Link(result, How.BEFORE, ""), true);
            }
            case Event.ResultAccepted e -> accepted(e);
            case Event.OutputGiven e -> {
                var edit = piece(new Piece.Edited(run, at, e.task()), List.of());
                var made = making(e.task());
                made.begin(Means.PERSON, null, 0, null);
                made.meet(new Link(edit, How.EDITED, ""));
                finish(e.task(), result(e.task(), 0, Usage.NONE));
            }
            case Event.TaskSkipped e -> without(e.task(), Means.SKIPPED);
            case Event.TaskFailed e -> without(e.task(), Means.FAILED);
            case Event.Dissented e -> dissents.put(e.task(), e);
            case Event.Joined e -> joined(e);
            case Event.NoteWritten e -> written(e);
            case Event.Ended e -> ended(e);
            case Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Refused _,
                    Event.PlanProposed _,
                    Event.FannedOut _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.Debated _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ -> {}
        }
    }

    private Making making(TaskId task) {
        return making.computeIfAbsent(task, _ -> new Making());
    }

    private <P extends Piece> P piece(P made, Collection<Link> of) {
        links.computeIfAbsent(made, _ -> new LinkedHashSet<>()).addAll(of);
        return made;
    }

    // ---- plan and input

    private void amended(Event.PlanAmended e) {
        if (e.tasks().stream().anyMatch(task -> task.passing() instanceof Passing.Errand)) {
            e.tasks().forEach(naming::plan);
            return;
        }
        var by = NO_PLANNERS.contains(e.author()) ? null : planner;
        for (var task : e.tasks()) {
            naming.plan(task);
            if (by == null) {
                planners.remove(task.name());
            } else {
                planners.put(task.name(), by);
            }
        }
        if (e.amendment().output() != null) {
            outputPlanner = by == null ? null : planner;
        }
        planner = null;
    }

    private void given(TaskId id, Value.Struct input) {
        var task = naming.declaration(id.name());
        var made = making(id);
        if (task == null || !made.isNew(input) || made.proposed() != null) {
            return;
        }
        var found = new LinkedHashSet<Link>();
        if (before.decides(id)) {
            naming.items(id.name(), before)
                    .forEach(item -> found.add(new Link(item, How.LIST, "answers")));
            naming.follow(task.input(), How.INPUT, "", new TaskId(id.name(), 0), found);
        } else if (task.plans()) {
            naming.all().forEach(piece -> found.add(new Link(piece, How.INPUT, "")));
        } else {
            naming.follow(task.input(), How.INPUT, "", id, found);
        }
        conditions(task, id, found);
        made.give(input, found);
    }

    /// What the course of a task hangs on, beside what it is given.
    private void conditions(Task task, TaskId id, Set<Link> found) {
        var asker = task.passing() instanceof Passing.Errand(var one, _) ? one : null;
        var open = asker == null ? null : making.get(asker);
        if (asker != null && open != null) {
            found.add(new Link(atWork(asker, open), How.ASKER, ""));
        }
        if (task.when() != null) {
            naming.follow(Value.text(task.when()), How.CONDITION, "when", id, found);
        }
        var by = planners.get(task.name());
        if (by != null) {
            found.add(new Link(by, How.PLANNED, ""));
        }
    }

    private void edited(TaskId id, Value.Struct input) {
        var made = making(id);
        if (made.isNew(input)) {
            var edit = piece(new Piece.Edited(run, at, id), List.of());
            made.meet(new Link(edit, How.EDITED, ""));
            made.edit(input);
        }
    }

    // ---- attempts

    /// The token of the first of the attempts that the one under way goes on from.
    private long since(TaskId id) {
        var known = before.tasks().get(id);
        return known == null ? 0 : known.continuation().since();
    }

    /// The notes that what a task gives may rest on and that are not named by its input.
    private void notes(TaskId id, boolean looked, Set<Link> found) {
        var named = new LinkedHashSet<Piece>();
        for (var link : found) {
            if (link.how() != How.CONDITION) {
                named.add(link.piece());
            }
        }
        for (var ref : before.notes().behind(id, since(id), looked)) {
            var note = naming.note(ref);
            if (note != null && !named.contains(note)) {
                found.add(new Link(note, How.NOTE, ""));
            }
        }
    }

    /// An attempt goes on with what came of the tasks that were begun for it.
    private void errandsDone(TaskId id) {
        var awaited = errands.remove(id);
        if (awaited == null) {
            return;
        }
        for (var errand : awaited) {
            var result = naming.result(TaskId.of(errand));
            if (result != null) {
                making(id).meet(new Link(result, How.ERRAND, ""));
            }
        }
    }

    private void failed(Event.AttemptEnded e) {
        var made = making(e.task());
        var proposed = made.proposed();
        if (!(e.failure() instanceof Failure.Rejected) || proposed == null) {
            return;
        }
        var look = look(e.task(), made, proposed, Piece.Part.REFUSED, e.usage());
        made.propose(null);
        made.meet(new Link(look, How.REFUSED, ""));
    }

    private void proposed(Event.ResultProposed e) {
        var made = making(e.task());
        var task = naming.declaration(e.task().name());
        var verify = task == null ? null : task.policy().gate().verify();
        var found = new LinkedHashSet<Link>();
        if (verify != null && verify.input() != null) {
            naming.follow(verify.input(), How.INPUT, "", e.task(), found);
        }
        made.talk(since(e.task()));
        made.propose(new Making.Proposed(made.agent(), e.token(), e.usage(), List.copyOf(found)));
    }

    private Piece.Turn look(
            TaskId id, Making made, Making.Proposed proposed, Piece.Part part, Usage usage) {
        var turn = new Piece.Turn(run, at, id, part, made.agent(), made.token(), usage);
        piece(turn, proposed.look());
        talks.put(turn, List.of(since(id)));
        return turn;
    }

    private void handedOver(Event.HandedOver e) {
        var made = making(e.task());
        var found = new LinkedHashSet<>(made.links());
        notes(e.task(), false, found);
        var turn =
                new Piece.Turn(
                        run, at, e.task(), Piece.Part.HANDED_ON, e.from(), e.token(), e.usage());
        piece(turn, found);
        talks.put(turn, List.of(since(e.task())));
        made.goOn(new Link(turn, How.HANDED_ON, ""), false);
    }

    /// An attempt as it stands.
    private Piece.Turn atWork(TaskId id, Making made) {
        var turn =
                atWork.computeIfAbsent(
                        made.token(),
                        token ->
                                new Piece.Turn(
                                        run,
                                        token,
                                        id,
                                        Piece.Part.AT_WORK,
                                        made.agent(),
                                        token,
                                        Usage.NONE));
        var found = new LinkedHashSet<>(made.links());
        notes(id, false, found);
        piece(turn, found);
        if (since(id) > 0) {
            talks.put(turn, List.of(since(id)));
        }
        return turn;
    }

    // ---- results

    private Piece.Result result(TaskId id, long token, Usage usage) {
        var made = making(id);
        var task = naming.declaration(id.name());
        var found = new LinkedHashSet<>(made.links());
        var proposed = made.proposed();
        var agent = made.agent();
        var means = made.means();
        long by = token;
        var used = usage;
        if (proposed != null && token != 0) {
            var look = look(id, made, proposed, Piece.Part.PASSED, usage);
            found.add(new Link(look, How.LOOK, ""));
            agent = proposed.agent();
            by = proposed.token();
            used = proposed.usage();
            means = Means.AGENT;
        } else if (token != 0) {
            made.talk(since(id));
        }
        notes(id, proposed != null, found);
        if (task != null && token != 0 && !before.decides(id)) {
            for (var condition : task.policy().gate().accept()) {
                naming.follow(Value.text(condition), How.CONDITION, "accept", id, found);
            }
        }
        var result = new Piece.Result(run, at, id, made.iteration(), means, agent, by, used);
        piece(result, found);
        talks.put(result, List.copyOf(made.talks()));
        if (made.child() != null && means == Means.CHILD) {
            children.put(result, made.child());
        }
        if (task != null && task.sharing().outside()) {
            trusts.put(result, Trust.OUTSIDE);
        }
        return result;
    }

    private void finish(TaskId id, Piece.Result result) {
        naming.result(id, result);
        making.remove(id);
    }

    private void accepted(Event.ResultAccepted e) {
        var result = result(e.task(), e.token(), e.usage());
        finish(e.task(), result);
        var task = naming.declaration(e.task().name());
        if (task != null && task.plans()) {
            planner = result;
        }
    }

    /// The task has no result. What it was skipped for is known where it had not begun.
    private void without(TaskId id, Means means) {
        var made = making(id);
        var task = naming.declaration(id.name());
        var found = new LinkedHashSet<>(made.links());
        if (task != null && found.isEmpty()) {
            conditions(task, id, found);
            for (var dependency : task.dependencies()) {
                if (naming.result(TaskId.of(dependency)) instanceof Piece.Result result
                        && result.means() == Means.SKIPPED) {
                    found.add(new Link(result, How.CONDITION, "after"));
                }
            }
        }
        var result =
                new Piece.Result(run, at, id, made.iteration(), means, made.agent(), 0, Usage.NONE);
        piece(result, found);
        finish(id, result);
    }

    private void joined(Event.Joined e) {
        var id = TaskId.of(e.task());
        var items = naming.items(e.task(), before);
        var found = new LinkedHashSet<Link>();
        items.forEach(item -> found.add(new Link(item, How.LIST, "")));
        naming.deciders(e.task(), before)
                .forEach(item -> found.add(new Link(item, How.DECIDED, "")));
        var task = naming.declaration(e.task());
        if (task != null) {
            naming.width(task, found);
            conditions(task, id, found);
        }
        notes(id, false, found);
        var dissent = dissents.remove(e.task());
        var joined =
                new Piece.Joined(
                        run,
                        at,
                        id,
                        items.size(),
                        e.resolved() == null ? null : e.resolved().by(),
                        e.resolved() == null ? 1 : e.resolved().confidence(),
                        dissent == null ? List.of() : dissent.answers());
        piece(joined, found);
        naming.joined(e.task(), joined, items);
        making.remove(id);
    }

    private void ended(Event.Ended e) {
        var goal = start == null ? "" : start.goal();
        var found = new LinkedHashSet<Link>();
        naming.follow(before.outputTemplate(), How.OUTPUT, "", null, found);
        if (outputPlanner != null) {
            found.add(new Link(outputPlanner, How.PLANNED, ""));
        }
        output = piece(new Piece.Output(run, at, goal, e.status()), found);
    }

    // ---- notes, people, messages

    private void written(Event.NoteWritten e) {
        var from = e.from();
        var ref = new NoteRef(e.key(), e.version());
        var note = new Piece.Noted(run, at, ref, from.task());
        var found = new LinkedHashSet<Link>();
        var open = making.get(from.task());
        var writer =
                from.name().isEmpty() || open == null
                        ? naming.result(from.task())
                        : atWork(from.task(), open);
        if (writer != null) {
            found.add(new Link(writer, How.WRITTEN, ""));
        }
        from.read().stream()
                .map(naming::note)
                .filter(Objects::nonNull)
                .forEach(read -> found.add(new Link(read, How.NOTE, "")));
        var trust = from.trust();
        var kept = naming.note(new NoteRef(e.key(), e.version() - 1));
        if (kept != null && !e.by().equals("last")) {
            found.add(new Link(kept, How.KEPT, ""));
        }
        trusts.put(note, trust);
        piece(note, found);
        naming.note(note);
    }

    private void closed(Event.QuestionClosed e) {
        var question = questions.remove(e.question());
        var by = answered.remove(e.question());
        if (question == null || question.task() == null || e.end() == Question.End.WITHDRAWN) {
            return;
        }
        var answer =
                new Piece.Answer(
                        run, at, question.id(), question.purpose(), by == null ? List.of() : by);
        piece(answer, List.of());
        var made = making(question.task());
        made.meet(new Link(answer, How.ANSWER, ""));
    }

    private void awaited(Event.Awaited e) {
        var made = making(e.task());
        made.begin(Means.MESSAGE, null, e.token(), null);
        var task = naming.declaration(e.task().name());
        if (task != null && task.performer() instanceof Task.Performer.ByMessage wanted) {
            var found = new LinkedHashSet<Link>();
            for (var text : new @Nullable String[] {wanted.where(), wanted.key()}) {
                if (text != null) {
                    naming.follow(Value.text(text), How.CONDITION, "await", e.task(), found);
                }
            }
            conditions(task, e.task(), found);
            made.give(Value.Struct.EMPTY, found);
        }
    }

    private void received(Event.MessageReceived e) {
        var message = naming.message(e.id());
        if (message == null) {
            message = new Piece.Message(run, at, e.id(), e.type());
            piece(message, said(e));
            naming.message(message);
        }
        if (e.task() != null) {
            making(e.task()).meet(new Link(message, How.MESSAGE, ""));
        }
    }

    /// What a message of the run's own was made of; nothing where it came from elsewhere.
    private List<Link> said(Event.MessageReceived e) {
        var found = new ArrayList<Link>();
        int slash = e.id().indexOf('/');
        if (before.choreographed() && slash > 0) {
            var name = e.id().substring(0, slash);
            if (name.equals("start")) {
                naming.inputs().forEach(asked -> found.add(new Link(asked, How.GIVEN, "")));
            } else if (naming.declaration(name) != null) {
                var by = naming.result(TaskId.of(name));
                if (by != null) {
                    found.add(new Link(by, How.MESSAGE, ""));
                }
            }
            return found;
        }
        for (var one : sent) {
            if (one.message().type().equals(e.type()) && one.message().data().equals(e.data())) {
                found.add(new Link(one.by(), How.MESSAGE, ""));
                sent.remove(one);
                break;
            }
        }
        return found;
    }
}
