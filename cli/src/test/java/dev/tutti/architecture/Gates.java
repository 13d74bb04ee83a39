package dev.tutti.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/// Every rule of the architecture.
///
/// The patterns begin with `dev.tutti..`, so that they fit the packages of the canaries as well as
/// the real ones.
final class Gates {

    private static final String OURS = "dev.tutti..";
    private static final String CORE = "dev.tutti..core..";
    private static final String EVENT = "dev.tutti..core.event..";
    private static final String EXPRESSION = "dev.tutti..core.expression..";

    /// Part of the interface of CEL, and welcome nowhere else.
    private static final String GUAVA = "com.google.common..";

    private static final String RUNTIME = "dev.tutti..runtime..";
    private static final String DRIVER = "dev.tutti..runtime.driver..";
    private static final String JOURNAL = "dev.tutti..runtime.journal..";

    /// In the order in which a goal passes through them.
    private static final List<String> STAGES =
            List.of(
                    "goal",
                    "plan",
                    "choreography",
                    "dispatch",
                    "budget",
                    "agent",
                    "memory",
                    "synthesis",
                    "people");

    private Gates() {}

    static Stream<Gate> all() {
        return Stream.of(shape(), purity(), edges(), form()).flatMap(List::stream);
    }

    private static List<Gate> shape() {
        return List.of(
                new Gate(
                        "no stage of the core imports another",
                        stages(),
                        List.of("PlanThatAsksTheBudget")),
                new Gate(
                        "the vocabulary imports nothing of ours",
                        only(EVENT, EVENT),
                        List.of("EventThatKnowsThePlan")),
                new Gate(
                        "expressions know the vocabulary only",
                        only(EXPRESSION, EXPRESSION, EVENT),
                        List.of("ExpressionThatKnowsThePlan")),
                new Gate(
                        "packages form no cycle",
                        slices().matching("dev.tutti.(**)").should().beFreeOfCycles(),
                        List.of("HalfOfACycle", "OtherHalf")));
    }

    private static List<ArchRule> stages() {
        return STAGES.stream()
                .map(stage -> "dev.tutti..core." + stage + "..")
                .map(stage -> only(stage, stage, EVENT, EXPRESSION))
                .toList();
    }

    /// Of our packages, those in `users` use only those.
    private static ArchRule only(String users, String... used) {
        return noClasses()
                .that()
                .resideInAPackage(users)
                .should()
                .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAnyPackage(used))));
    }

    private static List<Gate> purity() {
        var core = classes().that().resideInAPackage(CORE);
        var coreButExpressions =
                classes().that(resideInAPackage(CORE).and(not(resideInAPackage(EXPRESSION))));
        // A journal answers several threads at once; how it does so is its own affair.
        var runtimeButDriverAndJournal =
                classes()
                        .that(
                                resideInAPackage(RUNTIME)
                                        .and(not(resideInAnyPackage(DRIVER, JOURNAL))));
        var runtimeButDriver =
                classes().that(resideInAPackage(RUNTIME).and(not(resideInAPackage(DRIVER))));
        return List.of(
                new Gate(
                        "the core depends on next to nothing",
                        noClasses()
                                .that()
                                .resideInAPackage(CORE)
                                .should()
                                .dependOnClassesThat(
                                        not(
                                                resideInAnyPackage(
                                                        CORE,
                                                        "java..",
                                                        "org.jspecify..",
                                                        "org.pcollections..",
                                                        "dev.cel..",
                                                        GUAVA))),
                        List.of("PlanThatLogs")),
                new Gate(
                        "the core reads and writes nothing",
                        core.should(Forbidden.IO.beUnused()),
                        List.of("PlanThatReads")),
                new Gate(
                        "the core has no threads",
                        core.should(Forbidden.THREADS.beUnused()),
                        List.of("PlanThatForks")),
                new Gate(
                        "the core has no locks",
                        List.of(
                                core.should(Forbidden.LOCKS.beUnused()),
                                core.should(new NoMonitor())),
                        List.of(
                                "PlanThatLocks",
                                "PlanThatSynchronizes",
                                "PlanWithASynchronizedMethod")),
                new Gate(
                        "the core has no clock",
                        core.should(Forbidden.CLOCKS.beUnused()),
                        List.of("PlanThatKnowsTheTime")),
                new Gate(
                        "the core rolls no dice",
                        core.should(Forbidden.RANDOMNESS.beUnused()),
                        List.of("PlanThatGambles")),
                new Gate(
                        "the core iterates in a defined order",
                        coreButExpressions.should(Forbidden.UNORDERED.beUnused()),
                        List.of("PlanInNoOrder")),
                new Gate(
                        "only the driver has threads, locks, clocks and randomness in the runtime",
                        List.of(
                                runtimeButDriver.should(Forbidden.THREADS.beUnused()),
                                runtimeButDriverAndJournal.should(Forbidden.LOCKS.beUnused()),
                                runtimeButDriverAndJournal.should(new NoMonitor()),
                                runtimeButDriver.should(Forbidden.CLOCKS.beUnused()),
                                runtimeButDriver.should(Forbidden.RANDOMNESS.beUnused())),
                        List.of(
                                "EngineThatForks",
                                "EngineThatLocks",
                                "EngineThatSynchronizes",
                                "EngineThatKnowsTheTime",
                                "EngineThatGambles")));
    }

    private static List<Gate> edges() {
        return List.of(
                new Gate(
                        "CEL stays in expression",
                        edge(List.of("dev.cel..", GUAVA), EXPRESSION),
                        List.of("PlanThatCompilesCel")),
                new Gate(
                        "SQL stays in the journal and in its tools",
                        edge(
                                List.of(
                                        "java.sql..",
                                        "javax.sql..",
                                        "org.sqlite..",
                                        "org.flywaydb.."),
                                JOURNAL,
                                "dev.tutti..agents.tools.sql.."),
                        List.of("EngineThatSpeaksSql")),
                new Gate(
                        "Jackson stays in json and journal",
                        edge(
                                List.of("tools.jackson..", "com.fasterxml.jackson.."),
                                "dev.tutti..runtime.json..",
                                JOURNAL),
                        List.of("EngineThatParses")),
                new Gate(
                        "search and embeddings stay with the local agents",
                        edge(
                                List.of(
                                        "org.apache.lucene..",
                                        "org.apache.tika..",
                                        "ai.onnxruntime.."),
                                "dev.tutti..agents.local.."),
                        List.of("EngineThatSearches")),
                new Gate(
                        "the Model Context Protocol stays in its tools",
                        edge(
                                List.of("io.modelcontextprotocol..", "reactor.."),
                                "dev.tutti..agents.tools.mcp.."),
                        List.of("EngineThatCallsServers")),
                new Gate(
                        "LangChain4j stays with embeddings and with the models of providers",
                        edge(
                                List.of("dev.langchain4j..", "com.knuddels.."),
                                "dev.tutti..agents.local..",
                                "dev.tutti..agents.llm.provider.."),
                        List.of("EngineThatThinks")),
                new Gate(
                        "OpenTelemetry stays in telemetry",
                        edge(List.of("io.opentelemetry.."), "dev.tutti..telemetry.."),
                        List.of("EngineThatTraces")),
                new Gate(
                        "HTTP stays in the server",
                        edge(
                                List.of("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."),
                                "dev.tutti..server.."),
                        List.of("EngineThatServes")),
                new Gate(
                        "signed tokens are checked in one place",
                        edge(List.of("com.nimbusds.."), "dev.tutti..server.identity.."),
                        List.of("EngineThatTrusts")),
                new Gate(
                        "the terminal stays in the command line",
                        edge(List.of("picocli..", "org.jline.."), "dev.tutti..cli.."),
                        List.of("EngineWithOptions")));
    }

    private static ArchRule edge(List<String> libraries, String... users) {
        return noClasses()
                .that(resideInAPackage(OURS).and(not(resideInAnyPackage(users))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries.toArray(String[]::new)));
    }

    private static List<Gate> form() {
        return List.of(
                new Gate(
                        "a name says something",
                        noClasses()
                                .should()
                                .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Base|Common)"),
                        List.of("TextUtils", "PlanManager")),
                new Gate(
                        "every package says what it is for, null-marked",
                        classes().should(new InADescribedPackage()),
                        List.of("InASilentPackage")));
    }
}
