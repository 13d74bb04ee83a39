package dev.tutti.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.regex.Pattern;

/// What a part of the code must not use: types by their names, and methods of types that are else
/// allowed.
///
/// @param types pattern of full names of classes
/// @param calls pattern of `class.method(parameter, parameter)` with full names; a constructor is
///   `<init>`
record Forbidden(String what, Pattern types, Pattern calls) {

    static final Forbidden IO =
            new Forbidden(
                    "files, sockets, streams, the environment",
                    List.of(
                            "java\\.io\\.(?!Serial).*",
                            "java\\.nio\\.(file|channels)\\..*",
                            "java\\.net\\..*",
                            "java\\.lang\\.Process.*"),
                    List.of(
                            "java\\.lang\\.System\\.(getenv|getProperty|exit|load|loadLibrary)\\(.*"));

    static final Forbidden THREADS =
            new Forbidden(
                    "threads",
                    List.of(
                            "java\\.lang\\.(Thread|VirtualThread|ThreadLocal).*",
                            "java\\.util\\.Timer.*",
                            "java\\.util\\.concurrent\\.(Executor|.*Executor|Executors|.*ExecutorService|.*CompletionService"
                                    + "|ForkJoin.*|FutureTask|CompletableFuture|CountDownLatch|CyclicBarrier|Phaser|Exchanger"
                                    + "|.*Blocking.*|SynchronousQueue|DelayQueue|.*TransferQueue|StructuredTaskScope.*|Flow.*)"),
                    List.of(
                            "java\\.util\\.Collection\\.parallelStream\\(.*",
                            "java\\.util\\.stream\\..*\\.parallel\\(.*"));

    static final Forbidden LOCKS =
            new Forbidden(
                    "locks",
                    List.of(
                            "java\\.util\\.concurrent\\.locks\\..*",
                            "java\\.util\\.concurrent\\.Semaphore"),
                    List.of("java\\.lang\\.Object\\.(wait|notify|notifyAll)\\(.*"));

    static final Forbidden CLOCKS =
            new Forbidden(
                    "the time of the machine",
                    List.of(),
                    List.of(
                            "java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\\(.*",
                            "java\\.time\\..*\\.now\\((?!java\\.time\\.Clock).*",
                            "java\\.time\\.Clock\\.(system|tick).*",
                            "java\\.time\\.InstantSource\\.system\\(.*",
                            "java\\.util\\.(Date|GregorianCalendar)\\.<init>\\(\\)",
                            "java\\.util\\.Calendar\\.getInstance\\(.*"));

    static final Forbidden RANDOMNESS =
            new Forbidden(
                    "randomness",
                    List.of(
                            "java\\.util\\.Random",
                            "java\\.util\\.SplittableRandom",
                            "java\\.util\\.random\\..*",
                            "java\\.security\\.SecureRandom",
                            "java\\.util\\.concurrent\\.ThreadLocalRandom",
                            "com\\.github\\.f4b6a3\\..*"),
                    List.of(
                            "java\\.lang\\.Math\\.random\\(.*",
                            "java\\.lang\\.System\\.identityHashCode\\(.*",
                            "java\\.util\\.UUID\\.randomUUID\\(.*",
                            "java\\.util\\.Collections\\.shuffle\\(java\\.util\\.List\\)"));

    /// Their order differs between two runs of the same program.
    static final Forbidden UNORDERED =
            new Forbidden(
                    "collections without a defined order",
                    List.of(
                            "java\\.util\\.(IdentityHashMap|WeakHashMap|Hashtable)",
                            "java\\.util\\.concurrent\\.Concurrent.*Hash.*"),
                    List.of(
                            "java\\.util\\.(HashMap|HashSet)\\.(<init>|newHashMap|newHashSet)\\(.*",
                            "java\\.util\\.(Map|Set)\\.(of|ofEntries|copyOf)\\(.*",
                            "java\\.util\\.stream\\.Collectors\\.(toSet|toUnmodifiableSet|toUnmodifiableMap)\\(.*",
                            // With a fourth or third argument, these are told which map to make.
                            "java\\.util\\.stream\\.Collectors\\.toMap\\([^,]*(,[^,]*){1,2}\\)",
                            "java\\.util\\.stream\\.Collectors\\.groupingBy\\([^,]*(,[^,]*)?\\)"));

    private Forbidden(String what, List<String> types, List<String> calls) {
        this(what, anyOf(types), anyOf(calls));
    }

    private static Pattern anyOf(List<String> patterns) {
        return Pattern.compile(String.join("|", patterns));
    }

    ArchCondition<JavaClass> beUnused() {
        return new ArchCondition<>("not use " + what) {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                user.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                types.matcher(
                                                dependency
                                                        .getTargetClass()
                                                        .getBaseComponentType()
                                                        .getFullName())
                                        .matches())
                        .map(dependency ->
                                SimpleConditionEvent.violated(user, dependency.getDescription()))
                        .forEach(events::add);
                user.getCodeUnitAccessesFromSelf().stream()
                        .filter(access -> calls.matcher(signature(access.getTarget())).matches())
                        .map(JavaCodeUnitAccess::getDescription)
                        .map(description -> SimpleConditionEvent.violated(user, description))
                        .forEach(events::add);
            }
        };
    }

    private static String signature(CodeUnitAccessTarget target) {
        var parameters =
                target.getRawParameterTypes().stream().map(JavaClass::getFullName).toList();
        return target.getOwner().getFullName()
                + "."
                + target.getName()
                + "("
                + String.join(",", parameters)
                + ")";
    }
}
