package dev.tutti.cli;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.Tutti.OpenQuestion;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Value;
import dev.tutti.core.people.Asked;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.view.Alteration;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What people are asked, and how they answer.
final class QuestionCommands {
    private QuestionCommands() {}

    /// Lists what is open.
    @Command(
            name = "questions",
            description = "Lists what people are asked: who, until when, and what.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = ExitCode.HEADING,
            exitCodeList = {ExitCode.SUCCEEDED_LINE, ExitCode.INTERNAL_LINE})
    static final class Questions implements Callable<Integer> {
        private final Shell shell;

        @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        @Mixin private final Options.ShowOption show = new Options.ShowOption();

        Questions(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (var tutti = store.open(shell)) {
                var questions = tutti.questions();
                if (json.wanted()) {
                    shell.print(
                            List.of(
                                    Json.pretty(
                                            Value.struct(
                                                    "format",
                                                    RunDocument.FORMAT,
                                                    "questions",
                                                    new Value.Array(
                                                            questions.stream()
                                                                    .map(QuestionCommands::document)
                                                                    .toList())))));
                } else if (questions.isEmpty()) {
                    shell.say("nobody is asked anything · what runs wait for: tutti why RUN");
                } else {
                    shell.print(table(tutti, questions).lines(show.of(shell.outScreen())));
                    for (var open : questions) {
                        shell.print(alteration(shortId(tutti, open), open));
                    }
                    shell.say("answer with: tutti answer QUESTION, or tutti approve QUESTION");
                }
            }
            return ExitCode.SUCCEEDED;
        }
    }

    /// What is new in what somebody agreed to before, under the question's name.
    private static List<String> alteration(String name, OpenQuestion open) {
        var lines = new ArrayList<String>();
        for (var line : Alteration.of(open.asked().question().subject())) {
            if (lines.isEmpty()) {
                lines.add("");
                lines.add(name + " is about this change:");
            }
            lines.add("  " + line);
        }
        return lines;
    }

    private static Table table(Tutti tutti, List<OpenQuestion> questions) {
        var table = new Table("question", "task", "asked", "until", "answers", "");
        for (var open : questions) {
            var question = open.asked().question();
            table.row(
                    Ink.BOLD,
                    shortId(tutti, open),
                    question.task() == null ? "-" : question.task().toString(),
                    Printable.line(open.asked().now().to(), 30),
                    open.until() == null ? "" : Figures.instant(open.until()),
                    answers(question),
                    Printable.line(question.text(), 200));
        }
        return table;
    }

    /// The question as commands take it.
    static String shortId(Tutti tutti, OpenQuestion open) {
        return Ends.shortId(tutti, open.run().id()) + "." + open.asked().question().id();
    }

    private static String answers(Question question) {
        if (!question.choices().isEmpty()) {
            return String.join(", ", question.choices());
        }
        return question.form().fields().isEmpty()
                ? "text"
                : "{ " + String.join(", ", question.form().fields().keySet()) + " }";
    }

    static Value document(OpenQuestion open) {
        var question = open.asked().question();
        return Value.struct(
                "question",
                Value.text(open.id()),
                "run",
                Value.text(open.run().id().value()),
                "task",
                RunDocument.task(question.task()),
                "purpose",
                Value.text(question.purpose().word()),
                "text",
                Value.text(question.text()),
                "choices",
                Value.from(question.choices()),
                "form",
                question.form(),
                "subject",
                question.subject(),
                "changes",
                Value.from(Alteration.of(question.subject())),
                "hash",
                Value.text(question.hash()),
                "asked",
                Value.text(open.asked().now().to()),
                "until",
                open.until() == null ? Value.NULL : Value.text(open.until().toString()),
                "votes",
                Value.of(open.asked().votes().size()),
                "quorum",
                Value.of(question.quorum()));
    }

    /// One answer.
    @Command(
            mixinStandardHelpOptions = true,
            exitCodeListHeading = ExitCode.HEADING,
            exitCodeList = {
                "0:the answer counts, and is on disk",
                "2:the question is over, or this is no answer to it; nothing was changed",
                ExitCode.INTERNAL_LINE
            })
    abstract static class Answering implements Callable<Integer> {
        final Shell shell;

        @Parameters(
                index = "0",
                paramLabel = "QUESTION",
                description = "As `tutti questions` lists it: the run, a dot, a number")
        private String question = "";

        @Option(
                names = {"--comment", "--reason"},
                paramLabel = "TEXT",
                description = "Kept with the answer")
        private String comment = "";

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "In whose name; yours by default")
        private @Nullable String actor;

        @Option(names = "--dry-run", description = "Says what it would do, and does nothing")
        private boolean dry;

        @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

        Answering(Shell shell) {
            this.shell = shell;
        }

        abstract Value answer(Asked asked);

        Value.@Nullable Struct edited() {
            return null;
        }

        @Override
        public Integer call() throws InterruptedException {
            try (var tutti = store.open(shell).forErrands()) {
                if (actor != null) {
                    tutti.actingAs(actor);
                }
                int dot = question.lastIndexOf('.');
                if (dot < 1 || !question.substring(dot + 1).matches("[0-9]{1,18}")) {
                    throw new Refusal(
                            "`" + question + "` is not a question; `tutti questions` lists them");
                }
                var run = tutti.run(question.substring(0, dot).toUpperCase(Locale.ROOT));
                long number = Long.parseLong(question.substring(dot + 1));
                var asked = asked(run, number);
                var answer =
                        new Request.Answer(
                                number, answer(asked), comment, asked.question().hash(), edited());
                if (dry) {
                    shell.print(
                            Manner.told(
                                    Ends.shortId(tutti, run.id()),
                                    "answer",
                                    Preview.ofAnswer(tutti, run, answer)));
                    return ExitCode.SUCCEEDED;
                }
                run.ask(answer, null);
                var id = Ends.shortId(tutti, run.id().outermost());
                var open = run.load().state().questions().get(number);
                shell.say(
                        open == null
                                ? "the answer counts · go on with: tutti recover " + id
                                : "the answer is kept; "
                                        + (open.question().quorum() - open.votes().size())
                                        + " more must agree");
            }
            return ExitCode.SUCCEEDED;
        }

        private static Asked asked(Run run, long number) {
            var asked = run.load().state().questions().get(number);
            if (asked == null) {
                throw new Refusal("this question is over, or was never asked");
            }
            return asked;
        }
    }

    /// Answers in words.
    @Command(
            name = "answer",
            description = "Answers a question: with one of its choices, a text, or a form as JSON.")
    static final class Answer extends Answering {
        @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The answer")
        private @Nullable String value;

        Answer(Shell shell) {
            super(shell);
        }

        @Override
        Value answer(Asked asked) {
            var question = asked.question();
            if (value == null) {
                var change = Alteration.of(question.subject());
                throw new Refusal(
                        question.text()
                                + "\n  about   "
                                + (change.isEmpty()
                                        ? Printable.line(Json.text(question.subject()), 2_000)
                                        : String.join("\n          ", change))
                                + "\n  answer  "
                                + answers(question));
            }
            if (question.form().fields().isEmpty()) {
                return Value.text(value);
            }
            try {
                return Json.parse(value.getBytes(StandardCharsets.UTF_8));
            } catch (JsonException e) {
                throw new Refusal(
                        "the form is JSON with " + answers(question) + ": " + e.getMessage());
            }
        }
    }

    /// Agrees.
    @Command(name = "approve", description = "Agrees to what is asked, exactly as it is shown now.")
    static final class Approve extends Answering {
        @Option(
                names = "--edit",
                paramLabel = "JSON",
                description = "Agrees to this input instead of the one that is shown")
        private @Nullable String edit;

        Approve(Shell shell) {
            super(shell);
        }

        @Override
        Value answer(Asked asked) {
            return Value.text(Question.APPROVE);
        }

        @Override
        Value.@Nullable Struct edited() {
            if (edit == null) {
                return null;
            }
            if (VerbCommands.json("--edit", edit) instanceof Value.Struct struct) {
                return struct;
            }
            throw new Refusal("an input is an object: --edit '{\"amount\": 5}'");
        }
    }

    /// Refuses.
    @Command(name = "deny", description = "Refuses what is asked.")
    static final class Deny extends Answering {
        Deny(Shell shell) {
            super(shell);
        }

        @Override
        Value answer(Asked asked) {
            return Value.text(Question.DENY);
        }
    }

    /// The open questions of one run, and of the runs within it, and how to answer them, for the
    /// end of a command.
    static List<String> ways(Tutti tutti, Run run) {
        var lines = new ArrayList<String>();
        for (var open : tutti.questions()) {
            var asking = open.run().id();
            if (!asking.equals(run.id()) && !asking.isWithin(run.id())) {
                continue;
            }
            var question = open.asked().question();
            var id = shortId(tutti, open);
            lines.add(
                    "   "
                            + open.asked().now().to()
                            + " is asked: "
                            + Printable.line(question.text(), 300));
            if (question.choices().contains(Question.APPROVE)) {
                lines.add("     tutti approve " + id + "   or   tutti deny " + id);
            } else {
                lines.add("     tutti answer " + id + " " + hint(question));
            }
        }
        return lines;
    }

    private static String hint(Question question) {
        if (!question.choices().isEmpty()) {
            return String.join("|", question.choices());
        }
        return question.form().fields().isEmpty() ? "TEXT" : "'" + Json.text(question.form()) + "'";
    }
}
