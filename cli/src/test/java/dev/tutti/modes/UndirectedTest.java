package dev.tutti.modes;

import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.MTD_void;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.cli.JavaProcess;
import dev.tutti.core.planner.Search;
import dev.tutti.runtime.dispatch.Dispatcher;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where nobody directs, neither a planner nor a dispatcher is there to do so: the desk is asked in
/// a process on whose class path each class that plans, and each by which the dispatcher weighs
/// whom to give a task and whose turn it is, throws as soon as it is touched. Its agents are
/// processes of their own.
@Timeout(300)
class UndirectedTest {
    /// By these the dispatcher weighs agents and tasks.
    private static final List<String> WEIGHING = List.of("evidence.Panel", "dispatch.Ranks");

    /// And by these it has tasks wait for places. Who claimed a task of a choreography waits there
    /// for a place of its own; who was awarded one has it already.
    private static final List<String> WAITING =
            List.of("dispatch.Line", "dispatch.Queue", "dispatch.Fair", "dispatch.Sieve");

    @TempDir Path folder;

    /// All at once. That a mode which is directed does not get far shows that the classes do throw.
    @Test
    void the_desk_answers_without_planner_and_dispatcher() throws Exception {
        assumeTrue(DeathsTest.python(), "SKIPPED: there is no python3 for agents of their own");
        var desks = new LinkedHashMap<ModesTest.Mode, Process>();
        for (var mode :
                List.of(
                        ModesTest.Mode.AUCTION,
                        ModesTest.Mode.CHOREOGRAPHY,
                        ModesTest.Mode.PLANNED)) {
            desks.put(mode, desk(mode));
        }
        try {
            for (var desk : desks.values()) {
                desk.waitFor();
            }
        } finally {
            desks.values().forEach(Process::destroyForcibly);
        }

        assertThat(said(ModesTest.Mode.AUCTION))
                .contains("answered 3 of 3")
                .doesNotContain("was touched");
        assertThat(said(ModesTest.Mode.CHOREOGRAPHY))
                .contains("answered 3 of 3")
                .doesNotContain("was touched");
        assertThat(said(ModesTest.Mode.PLANNED)).contains("was touched").doesNotContain("answered");
    }

    private String said(ModesTest.Mode mode) throws IOException {
        return Files.readString(
                folder.resolve(mode.workflow()).resolve("said.txt"), StandardCharsets.UTF_8);
    }

    private Process desk(ModesTest.Mode mode) throws Exception {
        var own = Files.createDirectory(folder.resolve(mode.workflow()));
        var throwing = own.resolve("throwing");
        var runtime = Dispatcher.class.getPackageName().replaceFirst("[.]dispatch$", "");
        WEIGHING.forEach(name -> write(throwing, runtime + "." + name));
        if (mode == ModesTest.Mode.AUCTION) {
            WAITING.forEach(name -> write(throwing, runtime + "." + name));
        }
        for (var name : classesBeside(Search.class)) {
            write(throwing, Search.class.getPackageName() + "." + name);
        }
        return JavaProcess.of(
                        throwing, UndirectedTest.class, List.of(own.toString(), mode.workflow()))
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("said.txt").toFile())
                .start();
    }

    /// The classes of a package, in a folder or in a jar.
    private static List<String> classesBeside(Class<?> known) throws Exception {
        var place = Path.of(known.getProtectionDomain().getCodeSource().getLocation().toURI());
        var inside = known.getPackageName().replace('.', '/');
        if (Files.isDirectory(place)) {
            return classes(place.resolve(inside));
        }
        try (var jar = FileSystems.newFileSystem(place)) {
            return classes(jar.getPath(inside));
        }
    }

    private static List<String> classes(Path folder) throws IOException {
        try (var names = Files.list(folder)) {
            return names.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .toList();
        }
    }

    /// A class of that name that throws when it is touched.
    private static void write(Path folder, String name) {
        var error = ClassDesc.of(AssertionError.class.getName());
        var built =
                ClassFile.of()
                        .build(
                                ClassDesc.of(name),
                                one ->
                                        one.withMethodBody(
                                                "<clinit>",
                                                MTD_void,
                                                ACC_STATIC,
                                                code ->
                                                        code.new_(error)
                                                                .dup()
                                                                .ldc(name + " was touched")
                                                                .invokespecial(
                                                                        error,
                                                                        "<init>",
                                                                        MTD_void
                                                                                .insertParameterTypes(
                                                                                        0,
                                                                                        CD_Object))
                                                                .athrow()));
        var file = folder.resolve(name.replace('.', '/') + ".class");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, built);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Asks the desk in one mode and says how many of its answers were right.
    public static void main(String[] arguments) throws Exception {
        var own = Path.of(arguments[0]);
        var team = Desk.ofProcesses(own, List.of());
        try (var tutti = Desk.open(own.resolve("store"), team)) {
            int right = 0;
            for (int i = 0; i < Desk.ASKED.size(); i++) {
                var goal = team.goal(arguments[1], Map.of("text", Desk.ASKED.get(i)));
                var result = tutti.submit(goal).await(Desk.PATIENCE).orElseThrow();
                right += Desk.sent(result.output()).equals(Desk.ANSWERED.get(i)) ? 1 : 0;
            }
            System.out.println("answered " + right + " of " + Desk.ASKED.size());
        }
    }
}
