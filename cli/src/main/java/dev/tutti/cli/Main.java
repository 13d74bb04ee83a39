package dev.tutti.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The executable.
@Command(
        name = "tutti",
        description = "Runs teams of AI agents: durably, within budgets, in the open.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        footer = {"", "`tutti COMMAND --help` says more of a command. First steps: `tutti init`."})
public final class Main implements Callable<Integer> {
    private static final Map<String, Function<Shell, Object>> COMMANDS = commands();

    private final Shell shell;

    private Main(Shell shell) {
        this.shell = shell;
    }

    /// Runs the command and ends the process.
    public static void main(String[] arguments) {
        Log.takeOver();
        var shell = Shell.ofProcess();
        int code = run(shell, arguments);
        shell.out().flush();
        shell.err().flush();
        System.exit(code);
    }

    private static Map<String, Function<Shell, Object>> commands() {
        var commands = new LinkedHashMap<String, Function<Shell, Object>>();
        commands.put("init", InitCommand::new);
        commands.put("validate", ValidateCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("forecast", ForecastCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("recover", RecoverCommand::new);
        commands.put("watch", WatchCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("runs", RunsCommand::new);
        commands.put("show", ShowCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("why", WhyCommand::new);
        commands.put("agents", AgentsCommand::new);
        commands.put("quotas", QuotasCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("replay", ReplayCommand::new);
        commands.put("diff", DiffCommand::new);
        commands.put("blame", BlameCommand::new);
        commands.put("questions", QuestionCommands.Questions::new);
        commands.put("answer", QuestionCommands.Answer::new);
        commands.put("approve", QuestionCommands.Approve::new);
        commands.put("deny", QuestionCommands.Deny::new);
        commands.put("pause", VerbCommands.Pause::new);
        commands.put("resume", VerbCommands.Resume::new);
        commands.put("cancel", VerbCommands.Cancel::new);
        commands.put("terminate", VerbCommands.Terminate::new);
        commands.put("retry", VerbCommands.Retry::new);
        commands.put("skip", VerbCommands.Skip::new);
        commands.put("edit", VerbCommands.Edit::new);
        commands.put("reassign", VerbCommands.Reassign::new);
        commands.put("raise", VerbCommands.Raise::new);
        commands.put("amend", VerbCommands.Amend::new);
        commands.put("budget", BudgetCommand::new);
        commands.put("replan", VerbCommands.Replan::new);
        commands.put("fork", ForkCommand::new);
        commands.put("send", SendCommand::new);
        commands.put("publish", PublishCommand::new);
        commands.put("messages", MessagesCommand::new);
        commands.put("deploy", DeployCommand::new);
        commands.put("triggers", TriggersCommand::new);
        commands.put(MemoryCommands.MEMORY, MemoryCommands::all);
        commands.put("export", ExportCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /// Runs a command.
    ///
    /// @return what the process is to end with
    static int run(Shell shell, String... arguments) {
        var named =
                arguments.length > 0 && COMMANDS.containsKey(arguments[0]) ? arguments[0] : null;
        return commandLine(shell, named).execute(arguments);
    }

    /// The command line with all commands, or with only the one that is `named`: each costs its
    /// time at every start.
    static CommandLine commandLine(Shell shell, @Nullable String named) {
        var line = new CommandLine(new Main(shell));
        COMMANDS.forEach((name, command) -> {
            if (named == null || named.equals(name)) {
                line.addSubcommand(name, command.apply(shell));
            }
        });
        line.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(
                        shell.outScreen().colour()
                                ? CommandLine.Help.Ansi.ON
                                : CommandLine.Help.Ansi.OFF));
        if (shell.outScreen().terminal()) {
            line.setUsageHelpWidth(Math.clamp(shell.outScreen().columns(), 60, 110));
        }
        line.setParameterExceptionHandler(new Mishaps(shell)::wrongArguments);
        line.setExecutionExceptionHandler((e, _, _) -> new Mishaps(shell).failed(e));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public Integer call() {
        commandLine(shell, null).usage(shell.err());
        return ExitCode.WRONG_REQUEST;
    }

    /// The version of the jar.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "tutti " + (version == null ? "(built from source)" : version),
                "JDK " + Runtime.version()
            };
        }
    }
}
