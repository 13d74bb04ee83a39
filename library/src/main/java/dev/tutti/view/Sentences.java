package dev.tutti.view;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.json.Json;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events in words. The stages are those of the vocabulary, which are the lanes of every view.
public final class Sentences {
    private static final int LONGEST = 400;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private Sentences() {}

    /// An event in words.
    ///
    /// @param stage `goal`, `plan`, `dispatch`, `agent`, `memory`, `synthesis`, `people`,
    ///   `messages` or `time`
    /// @param task what it is about, `read[3]`, or empty for the run as a whole
    public record Said(String stage, String task, String sentence) {}

    public static Said of(Event event) {
        return switch (event) {
            case Event.RunStarted e ->
                    new Said("goal", "", "the run of " + e.goal() + " started" + with(e.inputs()));
            case Event.Paused e -> new Said("goal", "", "the run is paused: " + line(e.reason()));
            case Event.Resumed e ->
                    new Said(
                            "goal",
                            "",
                            "the run goes on after "
                                    + Figures.took(e.paused())
                                    + ", its timers put off by as much: "
                                    + line(e.reason()));
            case Event.Intervened e ->
                    new Said(
                            "goal",
                            e.tasks().size() == 1 ? e.tasks().getFirst() : "",
                            e.verb().equals(StandIn.VERB)
                                    ? "is not done: what stands in is " + line(e.reason())
                                    : "`" + e.verb() + "` by a person: " + line(e.reason()));
            case Event.Stalled e -> new Said("goal", "", "the run is stuck: " + line(e.reason()));
            case Event.Closing e ->
                    new Said(
                            "goal",
                            "",
                            "the run is closing as " + e.status().word() + ": " + line(e.reason()));
            case Event.Ended e -> new Said("goal", "", ended(e));
            case Event.Refused e ->
                    new Said("goal", "", "`" + e.command() + "` was refused: " + line(e.reason()));
            case Event.PlanAmended e ->
                    new Said(
                            "plan",
                            "",
                            "the "
                                    + line(e.author())
                                    + " added "
                                    + Figures.count(e.tasks().size(), "task")
                                    + dropped(e)
                                    + ": "
                                    + line(e.reason()));
            case Event.PlanProposed e ->
                    about(
                            "plan",
                            e.task(),
                            "proposes "
                                    + Figures.count(e.amendment().tasks().size(), "task")
                                    + used(e.usage()));
            case Event.TaskRevised e ->
                    new Said("plan", e.task().name(), "has another declaration now");
            case Event.TasksReset e ->
                    new Said("plan", "", "begin again: " + line(String.join(", ", e.tasks())));
            case Event.FannedOut e ->
                    new Said(
                            "plan",
                            e.task(),
                            "fans out over "
                                    + Figures.count(e.width(), "item")
                                    + (e.need() < e.width() ? ", needs " + e.need() : ""));
            case Event.TaskHeld e -> about("plan", e.task(), "waits to be approved");
            case Event.InputGiven e -> about("plan", e.task(), "got another input");
            case Event.TaskReady e -> about("plan", e.task(), "is ready");
            case Event.TaskSkipped e -> about("plan", e.task(), "is skipped: " + line(e.reason()));
            case Event.TaskFailed e -> about("plan", e.task(), "failed: " + failure(e.failure()));
            case Event.Assigned e -> about("dispatch", e.task(), assigned(e));
            case Event.ChildStarted e ->
                    about(
                            "dispatch",
                            e.task(),
                            "is run " + e.child() + " of " + line(e.workflow()));
            case Event.Awaited e ->
                    about(
                            "dispatch",
                            e.task(),
                            (e.message() == null
                                            ? "waits"
                                            : "waits for a message "
                                                    + line(e.message())
                                                    + (e.topic() == null
                                                            ? ""
                                                            : " on topic " + e.topic())
                                                    + (e.key() == null
                                                            ? ""
                                                            : " for " + line(e.key())))
                                    + (e.due() == null
                                            ? ""
                                            : ", until " + Figures.instant(e.due())));
            case Event.Announced e -> about("dispatch", e.task(), announced(e));
            case Event.BidPlaced e -> about("dispatch", e.task(), bid(e));
            case Event.BidDeclined e ->
                    about("dispatch", e.task(), e.agent() + " does not bid: " + line(e.reason()));
            case Event.TaskClaimed e ->
                    about(
                            "dispatch",
                            e.task(),
                            "is claimed by "
                                    + e.agent()
                                    + (e.from() == null
                                            ? ""
                                            : ", from the backlog of " + e.from()));
            case Event.Rerouted e ->
                    about("dispatch", e.task(), "goes to another agent than " + e.from());
            case Event.HandedOver e ->
                    about(
                            "dispatch",
                            e.task(),
                            "is handed over by "
                                    + e.from()
                                    + " to "
                                    + e.to()
                                    + (e.reason().isEmpty() ? "" : ": " + line(e.reason()))
                                    + brief(e.what())
                                    + used(e.usage()));
            case Event.ErrandsAwaited e ->
                    about("dispatch", e.task(), "goes on after " + String.join(", ", e.errands()));
            case Event.BudgetShort e ->
                    about(
                            "budget",
                            e.task(),
                            "waits for its part of the budget: " + line(e.reason()));
            case Event.TooDear e ->
                    about(
                            "budget",
                            e.task(),
                            "looks for a cheaper agent than "
                                    + String.join(
                                            ", ",
                                            e.agents().stream().map(one -> one.value()).toList())
                                    + ": "
                                    + line(e.reason()));
            case Event.PartReturned e ->
                    new Said(
                            "budget",
                            "",
                            "the run within of attempt "
                                    + e.token()
                                    + " used "
                                    + e.used()
                                    + " of its part");
            case Event.BudgetAlarm e -> new Said("budget", "", alarm(e));
            case Event.BudgetRaised e -> new Said("budget", "", "is raised");
            case Event.Settled e ->
                    new Said(
                            "budget", "", "attempt " + e.token() + " is settled" + used(e.usage()));
            case Event.EffectIntended e ->
                    about("agent", e.task(), "is about to do " + line(e.name()));
            case Event.EffectRecorded e ->
                    about("agent", e.task(), "has done " + line(e.name()) + brief(e.outcome()));
            case Event.EffectWithdrawn e ->
                    about(
                            "agent",
                            e.task(),
                            "has not done " + line(e.name()) + ": " + line(e.reason()));
            case Event.ResultProposed e ->
                    about("agent", e.task(), "gave a result that is looked at" + used(e.usage()));
            case Event.AttemptEnded e ->
                    about(
                            "agent",
                            e.task(),
                            "the attempt ended: " + failure(e.failure()) + used(e.usage()));
            case Event.NoteWritten e ->
                    about(
                            "memory",
                            e.from().task(),
                            "wrote note "
                                    + e.key()
                                    + ", version "
                                    + e.version()
                                    + (e.from().trust() == Provenance.Trust.OUTSIDE
                                            ? ", from outside"
                                            : ""));
            case Event.NoteRead e ->
                    about(
                            "memory",
                            e.task(),
                            "read "
                                    + String.join(
                                            ", ",
                                            e.notes().stream().map(NoteRef::toString).toList()));
            case Event.ContextAssembled e -> about("memory", e.task(), given(e));
            case Event.ArtifactStored e ->
                    about(
                            "memory",
                            e.task(),
                            "stored "
                                    + line(e.name())
                                    + " ("
                                    + e.mediaType()
                                    + ", "
                                    + Figures.bytes(e.size())
                                    + ") as "
                                    + e.hash().substring(0, 12));
            case Event.ResultAccepted e ->
                    about(
                            "synthesis",
                            e.task(),
                            "gave a result" + brief(e.output()) + used(e.usage()));
            case Event.Iterated e ->
                    about(
                            "synthesis",
                            e.task(),
                            (e.next() == null
                                            ? "gave a result and goes round again"
                                            : "heard the next turn; it is " + e.next() + "'s now")
                                    + brief(e.output())
                                    + used(e.usage()));
            case Event.OutputGiven e ->
                    about("synthesis", e.task(), "was given its result" + brief(e.output()));
            case Event.Joined e ->
                    new Said(
                            "synthesis",
                            e.task(),
                            e.resolved() == null
                                    ? "is joined: enough items are finished"
                                    : "is resolved, "
                                            + sure(e.resolved())
                                            + brief(e.resolved().output()));
            case Event.Dissented e ->
                    new Said(
                            "synthesis",
                            e.task(),
                            "has "
                                    + e.answers().size()
                                    + " different answers, "
                                    + Figures.percent(e.confidence())
                                    + " by "
                                    + e.by());
            case Event.Debated e ->
                    new Said(
                            "synthesis",
                            e.task(),
                            "is debated, round "
                                    + e.round()
                                    + ": "
                                    + Figures.count(e.items().size(), "agent")
                                    + " are told of each other's answers");
            case Event.QuestionAsked e -> asked(e);
            case Event.QuestionHandedOn e -> people(e.question(), "goes to the next one asked");
            case Event.QuestionReminded e -> people(e.question(), "is asked again");
            case Event.QuestionAnswered e ->
                    people(
                            e.question(),
                            "is answered by "
                                    + line(e.by())
                                    + ": "
                                    + Printable.line(Json.text(e.answer()), LONGEST)
                                    + (e.comment().isEmpty() ? "" : ", " + line(e.comment())));
            case Event.QuestionClosed e ->
                    people(e.question(), "is " + e.end().word() + ": " + line(e.reason()));
            case Event.MessageReceived e ->
                    new Said(
                            "messages",
                            e.task() == null ? "" : e.task().toString(),
                            "message "
                                    + line(e.type())
                                    + (e.task() != null
                                            ? " came"
                                            : e.kept() ? " is kept" : " came and nobody waits"));
            case Event.MessagePublished e ->
                    new Said(
                            "messages",
                            e.task().toString(),
                            e.to() == null
                                    ? "publishes message "
                                            + line(e.type())
                                            + " on topic "
                                            + e.topic()
                                            + (e.key() == null ? "" : " for " + line(e.key()))
                                    : "sends message " + line(e.type()) + " to run " + e.to());
            case Event.Claimed e ->
                    about("messages", e.task(), e.agent() + " takes up " + line(e.message()));
            case Event.Declined e ->
                    new Said("messages", "", e.agent() + " does not take up " + line(e.message()));
            case Event.ClaimLost e ->
                    about("messages", e.task(), "is open to others: " + failure(e.failure()));
            case Event.Unanswered e ->
                    new Said(
                            "messages",
                            "",
                            line(e.message()) + " is unanswered: " + line(e.reason()));
            case Event.Expected e ->
                    new Said(
                            "messages",
                            "",
                            "something must follow upon "
                                    + line(e.message())
                                    + " by "
                                    + Figures.instant(e.due()));
            case Event.ExpectationMet e ->
                    new Said("messages", "", line(e.by()) + " is what was expected");
            case Event.TimerSet e -> timer(e.timer(), "at " + TIME.format(e.due()));
            case Event.TimerFired e -> timer(e.timer(), "now");
        };
    }

    private static Said about(String stage, TaskId task, String sentence) {
        return new Said(stage, task.toString(), sentence);
    }

    private static String given(Event.ContextAssembled e) {
        var notes = e.parts().stream().filter(ContextPart::isGivenNote).count();
        var shorter =
                e.parts().stream()
                        .filter(part -> part.fate() == ContextPart.Fate.COMPACTED)
                        .map(ContextPart::label)
                        .toList();
        var cut =
                e.parts().stream()
                        .filter(part -> part.fate() == ContextPart.Fate.CUT)
                        .map(ContextPart::label)
                        .toList();
        return "is given "
                + e.used()
                + " of "
                + e.budget()
                + " tokens"
                + (notes == 0 ? "" : ", with " + notes + (notes == 1 ? " note" : " notes"))
                + (shorter.isEmpty() ? "" : "; made shorter: " + String.join(", ", shorter))
                + (cut.isEmpty() ? "" : "; left out: " + listed(cut));
    }

    private static String alarm(Event.BudgetAlarm e) {
        return switch (e.limit()) {
            case "time" -> e.percent() + " % of its time is over";
            case "attempts", "tasks", "runs" ->
                    e.percent() + " % of its " + e.limit() + " are used";
            case null, default -> e.percent() + " % of it is spent: " + e.spent();
        };
    }

    private static String listed(List<String> names) {
        int most = 5;
        return String.join(", ", names.subList(0, Math.min(most, names.size())))
                + (names.size() > most ? " and others" : "");
    }

    private static Said people(long question, String sentence) {
        return new Said("people", "", "question " + question + " " + sentence);
    }

    private static Said asked(Event.QuestionAsked e) {
        var question = e.question();
        return new Said(
                "people",
                question.task() == null ? "" : question.task().toString(),
                "question "
                        + question.id()
                        + " to "
                        + line(question.ask().getFirst().to())
                        + ": "
                        + line(question.text()));
    }

    private static String with(Value.Struct inputs) {
        return inputs.fields().isEmpty()
                ? ""
                : " with " + Printable.line(Json.text(inputs), LONGEST);
    }

    private static String ended(Event.Ended e) {
        var failure = e.failure();
        return (e.status() == Status.CANCELLED
                        ? "the run was cancelled"
                        : "the run " + e.status().word())
                + (failure == null ? "" : ": " + failure(failure));
    }

    private static String announced(Event.Announced e) {
        var who = Figures.count(e.invited(), "agent");
        if (e.deadline() == null) {
            return "may be claimed by any of " + who;
        }
        return "is announced to "
                + who
                + (e.round() > 1 ? ", round " + e.round() : "")
                + ", bids until "
                + TIME.format(e.deadline())
                + (e.reserve() == null ? "" : ", at most $" + e.reserve());
    }

    private static String bid(Event.BidPlaced e) {
        var likely = e.likely();
        var bid = e.bid();
        var tempered =
                likely.equals(bid)
                        ? ""
                        : "; likely "
                                + Figures.took(likely.time())
                                + " and "
                                + Figures.percent(likely.confidence())
                                + ", by its earlier bids";
        return e.agent()
                + " bids $"
                + bid.price()
                + ", "
                + Figures.took(bid.time())
                + ", "
                + Figures.percent(bid.confidence())
                + " sure"
                + tempered;
    }

    private static String assigned(Event.Assigned e) {
        return "given to "
                + e.agent()
                + (e.attempt() > 1 ? ", attempt " + e.attempt() : "")
                + Choices.line(e)
                + (e.due() == null ? "" : ", due " + Figures.instant(e.due()));
    }

    private static Said timer(Timer timer, String when) {
        return switch (timer) {
            case Timer.RetryDue(var task) -> about("time", task, "tries again " + when);
            case Timer.AttemptDue(var token) ->
                    new Said("time", "", "attempt " + token + " is given up " + when);
            case Timer.IdleDue(var token) ->
                    new Said("time", "", "attempt " + token + " is given up if silent " + when);
            case Timer.QueueDue(var task) -> about("time", task, "must have an agent " + when);
            case Timer.BidsDue(var batch) ->
                    new Said("time", "", "bids on batch " + batch + " are over " + when);
            case Timer.OverallDue(var task) -> about("time", task, "must be done " + when);
            case Timer.QuestionDue(var question) ->
                    new Said("time", "", "question " + question + " goes on " + when);
            case Timer.ReminderDue(var question) ->
                    new Said("time", "", "question " + question + " is repeated " + when);
            case Timer.AnswerDue(var message) ->
                    new Said("time", "", line(message) + " must be taken up " + when);
            case Timer.ExpectedDue(var expected) ->
                    new Said("time", "", "what event " + expected + " expects is due " + when);
            case Timer.BudgetDue() -> new Said("time", "", "the run's time is over " + when);
            case Timer.AlarmDue() ->
                    new Said("time", "", "a share of the run's time is over " + when);
            case Timer.CloseDue() -> new Said("time", "", "open attempts are given up " + when);
        };
    }

    private static String used(Usage usage) {
        var used = Figures.usage(usage);
        return used.isEmpty() ? "" : ", " + used;
    }

    /// A failure as one line: what happened, then its code.
    public static String failure(Failure failure) {
        return line(failure.message()) + " [" + Printable.line(failure.code()) + "]";
    }

    private static String brief(Value output) {
        return summary(output).map(text -> ": " + text).orElse("");
    }

    /// What an output is, in a few words, where that can be said: `12 passages`, or a short text
    /// itself.
    public static Optional<String> summary(Value output) {
        return switch (output) {
            case Value.Array(var items) -> Optional.of(Figures.count(items.size(), "result"));
            case Value.Text(var text) -> Optional.of(Printable.line(text, 60));
            case Value.Struct(var fields) -> {
                var lists =
                        fields.entrySet().stream()
                                .filter(field -> field.getValue() instanceof Value.Array)
                                .map(Sentences::counted)
                                .toList();
                yield lists.isEmpty() || lists.size() > 2
                        ? Optional.empty()
                        : Optional.of(String.join(", ", lists));
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> Optional.empty();
        };
    }

    private static String counted(Map.Entry<String, Value> field) {
        int size = field.getValue() instanceof Value.Array(var items) ? items.size() : 0;
        var name = Printable.line(field.getKey(), 30);
        return Figures.count(size) + " " + (size == 1 ? singular(name) : name);
    }

    private static String singular(String name) {
        if (name.endsWith("ies")) {
            return name.substring(0, name.length() - 3) + "y";
        }
        return name.endsWith("s") && !name.endsWith("ss")
                ? name.substring(0, name.length() - 1)
                : name;
    }

    private static String dropped(Event.PlanAmended e) {
        var drops = e.amendment().drops();
        return drops.isEmpty() ? "" : " and goes on without " + line(String.join(", ", drops));
    }

    /// How sure a result is that several were resolved to, and how it was decided.
    public static String sure(Event.Resolved resolved) {
        return Figures.percent(resolved.confidence()) + " sure, " + resolved.by();
    }

    private static String line(String text) {
        return Printable.line(text, LONGEST);
    }
}
