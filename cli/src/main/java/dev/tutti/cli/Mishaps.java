package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.cli.view.CauseChain;
import dev.tutti.core.event.Fault;
import dev.tutti.core.expression.Similar;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.teamfile.TeamFileException;
import dev.tutti.view.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// What is said, and what the process ends with, when a command did not do what it was to do.
final class Mishaps {
    private final Shell shell;

    Mishaps(Shell shell) {
        this.shell = shell;
    }

    int wrongArguments(ParameterException e, String[] arguments) {
        var line = e.getCommandLine();
        if (line.getParent() == null && arguments.length > 0 && !arguments[0].startsWith("-")) {
            shell.say(List.of(error("there is no command `" + arguments[0] + "`")));
            Similar.to(arguments[0], line.getSubcommands().keySet())
                    .ifPresent(near -> shell.say("  help: write `" + near + "`"));
        } else {
            shell.say(List.of(error(String.valueOf(e.getMessage()))));
        }
        shell.say("usage: " + usage(line));
        shell.say("       " + line.getCommandSpec().qualifiedName() + " --help says more");
        return ExitCode.WRONG_REQUEST;
    }

    private static String usage(CommandLine line) {
        return line.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    }

    int failed(Exception e) {
        return switch (e) {
            case Refusal refusal -> refused(refusal);
            case TeamFileException file -> refused(new Refusal(String.valueOf(file.getMessage())));
            case InterruptedException _ -> ExitCode.INTERRUPTED;
            case JournalException journal when journal.code().equals("unauthorized") ->
                    refused(new Refusal(String.valueOf(journal.getMessage())));
            case JournalException journal when journal.code().equals("unreachable") ->
                    unreachable(journal);
            case JournalException journal ->
                    broken("the store did not do what was asked", journal, "tutti doctor");
            case ArtifactException artifact ->
                    broken("an artifact could not be used", artifact, "tutti doctor");
            case UncheckedIOException io -> broken("a file could not be used", io, "");
            case IOException io -> broken("a file could not be used", io, "");
            default -> internal(e);
        };
    }

    private int refused(Refusal refusal) {
        var lines = new ArrayList<String>();
        var message = String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
        lines.add(error(message));
        refusal.faults().forEach(fault -> lines.addAll(fault(fault, shell.errScreen())));
        shell.say(lines);
        return ExitCode.WRONG_REQUEST;
    }

    /// A fault that is in no file: its sentence, then where and what to write.
    private static List<String> fault(Fault fault, Screen screen) {
        var lines = new ArrayList<String>();
        var kind = fault.isWarning() ? "warning" : "error";
        lines.add(
                "  "
                        + screen.paint(
                                fault.isWarning() ? Ink.YELLOW : Ink.RED,
                                kind + "[" + fault.code() + "]")
                        + ": "
                        + Printable.line(fault.message())
                        + "  ("
                        + Printable.line(String.join(".", fault.at()))
                        + ")");
        if (fault.help() != null) {
            lines.add(screen.signs("    help: " + Printable.line(fault.help())));
        }
        return lines;
    }

    /// Something that a run needs went wrong below it.
    int broken(String what, Throwable e, String help) {
        log(what, e);
        shell.say(CauseChain.lines(what, e, help, shell.errScreen()));
        return ExitCode.INTERNAL;
    }

    /// There is no log beside a server's store, and nothing of ours that it could explain.
    private int unreachable(JournalException e) {
        shell.say(
                CauseChain.lines(
                        "the server did not do what was asked",
                        new JournalException(e.code(), String.valueOf(e.getMessage()), null),
                        "",
                        shell.errScreen()));
        return ExitCode.INTERNAL;
    }

    private int internal(Exception e) {
        log("a command failed", e);
        shell.say(
                CauseChain.lines(
                        "something inside Tutti went wrong",
                        e,
                        "the log has more: " + Log.place(),
                        shell.errScreen()));
        return ExitCode.INTERNAL;
    }

    private static void log(String what, Throwable e) {
        LoggerFactory.getLogger(Mishaps.class).error(what, e);
    }

    private String error(String message) {
        return shell.errScreen().paint(Ink.RED, "error")
                + ": "
                + shell.errScreen().signs(Printable.line(message));
    }
}
