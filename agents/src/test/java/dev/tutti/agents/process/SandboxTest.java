package dev.tutti.agents.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever a command tries in its sandbox, it stays there, and nothing of it is left behind.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SandboxTest {
    private static final Sandbox SANDBOX = new Sandbox("bwrap");

    @TempDir Path folder;
    private Process bystander = nothing();
    private long before;

    @BeforeAll
    static void there_is_a_sandbox() throws Exception {
        boolean there = true;
        try {
            SANDBOX.require();
        } catch (Unsuccessful e) {
            System.out.println("SKIPPED: no test of the sandbox: " + e.getMessage());
            there = false;
        }
        assumeTrue(there, "no sandbox here");
    }

    private static Process nothing() {
        try {
            return new ProcessBuilder("true").start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void somebody_else_is_there() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("secret"), "CANARY");
        bystander = new ProcessBuilder("sleep", "600").start();
        before = marked();
    }

    @AfterEach
    void nobody_is_left_and_nobody_else_was_harmed() throws Exception {
        assertThat(bystander.isAlive()).isTrue();
        bystander.destroyForcibly();
        assertThat(marked()).as("processes of commands").isLessThanOrEqualTo(before);
        assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("CANARY");
    }

    /// Processes of commands that are there at all, an instant after the attempt.
    private static long marked() {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readString(
                                        Path.of("/proc/" + process.pid() + "/environ"),
                                        java.nio.charset.StandardCharsets.ISO_8859_1)
                                .contains(Family.MARK + "=");
                    } catch (IOException _) {
                        return false;
                    }
                })
                .count();
    }

    private static Value.Struct strict(String... command) {
        return Value.struct(
                "command", Value.from(List.of(command)), "sandbox", Value.text("strict"));
    }

    private static Value.Struct shell(String script) {
        return strict("sh", "-c", script);
    }

    private static Value.Struct limited(String script, Object... limits) {
        return shell(script).with("limits", Value.struct(limits));
    }

    private Outcome perform(Value.Struct settings) throws Exception {
        return perform(new GivenAttempt(settings));
    }

    private Outcome perform(GivenAttempt attempt) throws Exception {
        return new CommandAgent(folder, List.of(), SANDBOX).perform(attempt);
    }

    private String text(Value.Struct settings) throws Exception {
        return switch (perform(settings.with("output", Value.text("text")))) {
            case Outcome.Succeeded(Value.Struct output, _) -> output.text("text");
            case Outcome other -> throw new AssertionError(other);
        };
    }

    private Failure failure(Value.Struct settings) throws Exception {
        return switch (perform(settings)) {
            case Outcome.Failed(var failure, _) -> failure;
            case Outcome other -> throw new AssertionError(other);
        };
    }

    /// Each says what it wants to do and how; what the script prints after `ESCAPED` got out.
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " :: ",
            quoteCharacter = '`',
            textBlock =
                    """
                    passwords :: cat /etc/shadow && echo ESCAPED
                    keys in somebody's home :: ls -A /root /home/* 2>/dev/null | grep . && echo ESCAPED
                    the folder of the team file :: cat FOLDER/secret && echo ESCAPED
                    temporary files of others :: ls -A /tmp /dev/shm | grep -v : | grep . && echo ESCAPED
                    the environment of Tutti :: cat /proc/*/environ | tr '\\0' '\\n' | grep -v -e ^PATH= -e ^HOME=/tmp -e ^TMPDIR= -e ^LANG= -e ^PWD= -e ^OLDPWD= -e ^TUTTI_ -e ^TRACEPARENT= -e ^SHLVL= -e ^_= | grep . && echo ESCAPED
                    processes of the machine :: kill -0 BYSTANDER && echo ESCAPED; ls -d /proc/[0-9]* | wc -l | grep -x ... && echo ESCAPED
                    tracing a process outside :: perl -e 'print "ESCAPED" if syscall(101, 16, BYSTANDER, 0, 0) == 0'
                    killing everybody :: (kill -9 -1) ; echo survived
                    the network by address :: perl -MIO::Socket::INET -e 'print "ESCAPED" if IO::Socket::INET->new(PeerAddr => "127.0.0.1:PORT", Timeout => 2)'
                    the network by name :: getent hosts localhost.example.org && echo ESCAPED; ls /sys/class/net 2>/dev/null | grep . && echo ESCAPED
                    typing into the terminal :: perl -e 'my $c = "x"; print "ESCAPED" if ioctl(STDIN, 0x5412, $c); print "ESCAPED" if open(T, "+<", "/dev/tty")'
                    writing to the system :: for f in /x /usr/x /usr/bin/x /etc/x /dev/x /lib/x; do (echo x > $f) && echo ESCAPED; done; rm /usr/bin/env && echo ESCAPED
                    settings of the kernel :: for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger /proc/1/oom_score_adj; do (echo -1000 > $f) && echo ESCAPED; done
                    devices :: mknod /tmp/d b 254 0 && echo ESCAPED; ls /dev/mem /dev/kmsg /dev/sda /dev/vda && echo ESCAPED
                    mounting :: mount -t tmpfs none /tmp && echo ESCAPED; mount -o remount,rw / && echo ESCAPED; umount /proc && echo ESCAPED
                    a namespace of its own :: unshare -U true && echo ESCAPED; unshare -m true && echo ESCAPED; unshare -n true && echo ESCAPED
                    becoming root :: su -c id && echo ESCAPED; grep -q 'NoNewPrivs:.1' /proc/self/status || echo ESCAPED; perl -e '$> = 0; print "ESCAPED" if $> == 0'; grep '^Cap[^I]' /proc/self/status | grep -v 0000000000000000 && echo ESCAPED
                    another root folder :: chroot /proc/1/root true && echo ESCAPED; cat /proc/1/root/etc/shadow && echo ESCAPED; cat /proc/self/cwd/../../etc/shadow && echo ESCAPED
                    its own program :: (echo x > /proc/self/exe) && echo ESCAPED; (echo x > /proc/1/exe) && echo ESCAPED
                    open files of Tutti :: ls /proc/self/fd | grep -v -x -e 0 -e 1 -e 2 -e 3 && echo ESCAPED; cat <&3 && echo ESCAPED; ls /proc/1/fd | grep -x '[5-9]' && echo ESCAPED
                    the name of the machine :: hostname | grep -v -x sandbox && echo ESCAPED; hostname evil && echo ESCAPED
                    the clock :: date -s 2001-01-01 && echo ESCAPED
                    the messages of the kernel :: dmesg && echo ESCAPED; cat /proc/kmsg && echo ESCAPED; cat /proc/kcore && echo ESCAPED
                    other people's memory :: ipcs -m | grep 0x && echo ESCAPED; cat /proc/BYSTANDER/maps && echo ESCAPED
                    its limits :: ulimit -n 1000000 && echo ESCAPED; prlimit --nproc=unlimited && echo ESCAPED; renice -n -5 $$ && echo ESCAPED
                    control groups :: ls -A /sys/fs/cgroup && echo ESCAPED; mkdir /tmp/c; mount -t cgroup none /tmp/c && echo ESCAPED
                    """)
    void what_is_outside_stays_out_of_reach(String what, String script) throws Exception {
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var filled =
                    script.replace("FOLDER", folder.toString())
                            .replace("BYSTANDER", Long.toString(bystander.pid()))
                            .replace("PORT", Integer.toString(listener.getLocalPort()));
            var outcome = perform(shell("exec 2>/dev/null; " + filled + "\necho contained"));
            if (outcome instanceof Outcome.Succeeded(Value.Struct output, _)) {
                assertThat(output.text("text")).endsWith("contained").doesNotContain("ESCAPED");
            } else {
                // Only killing everybody reaches oneself.
                assertThat(what).isEqualTo("killing everybody");
            }
        }
    }

    /// Some of the same, done by a command that may do all that we may.
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " :: ",
            quoteCharacter = '`',
            textBlock =
                    """
                    the folder of the team file :: cat FOLDER/secret && echo ESCAPED
                    temporary files of others :: ls -A FOLDER/.. | grep . && echo ESCAPED
                    processes of the machine :: kill -0 BYSTANDER && echo ESCAPED
                    the network by address :: perl -MIO::Socket::INET -e 'print "ESCAPED" if IO::Socket::INET->new(PeerAddr => "127.0.0.1:PORT", Timeout => 2)'
                    the environment of Tutti :: env | cut -d= -f1 | grep -v -e ^TUTTI_ -e ^PWD | grep . && echo ESCAPED
                    """)
    void without_a_sandbox_the_same_gets_out(String what, String script) throws Exception {
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var filled =
                    script.replace("FOLDER", folder.toString())
                            .replace("BYSTANDER", Long.toString(bystander.pid()))
                            .replace("PORT", Integer.toString(listener.getLocalPort()));
            assertThat(text(shell(filled).with("sandbox", Value.text("none"))))
                    .as(what)
                    .contains("ESCAPED");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " :: ",
            quoteCharacter = '`',
            textBlock =
                    """
                    a memory hog of many processes :: memory :: for i in 1 2 3 4 5 6 7 8; do perl -e '$x = "x" x 30000000; sleep 20' & done; wait
                    memory that is shared :: memory :: perl -e 'open F, ">", "/dev/shm/x"; $x = "x" x 1000000; print F $x for 1..200; sleep 20'
                    a disk that is filled :: disk :: i=0; while :; do i=$((i+1)); head -c 10000000 /dev/zero > $i || exit 9; done
                    temporary files :: disk :: i=0; while :; do i=$((i+1)); head -c 10000000 /dev/zero > /tmp/$i || exit 9; done
                    files that have no name :: disk :: for i in 1 2 3 4 5 6 7 8 9; do (exec 9>f; rm f; head -c 19000000 /dev/zero >&9; sleep 20) & done; wait
                    a file that is too long :: file :: head -c 90000000 /dev/zero > f; exit $?
                    a hundred thousand files :: entries :: perl -e 'for (1..100000) { open F, ">", "f$_"; close F }; sleep 20'
                    a hundred thousand folders :: entries :: perl -e 'for (1..100000) { mkdir "f$_" }; sleep 20'
                    a processor all for itself :: cpu :: exec sh -c 'while :; do :; done'
                    """)
    void what_takes_more_than_it_may_is_ended(String what, String limit, String script)
            throws Exception {
        var settings =
                limited(
                        "exec 2>/dev/null; " + script,
                        "processes",
                        Value.of(40),
                        "memory",
                        Value.text("120MB"),
                        "disk",
                        Value.text("100MB"),
                        "file",
                        Value.text("20MB"),
                        "entries",
                        Value.of(500),
                        "cpu",
                        // Who is after another limit must not meet this one before we have looked.
                        Value.text(limit.equals("cpu") ? "1s" : "30s"));
        long begun = System.nanoTime();
        var failure = failure(settings);
        assertThat(failure).as(what).isInstanceOf(Failure.Permanent.class);
        assertThat(failure.code()).isEqualTo("limit_exceeded");
        assertThat(failure.message()).contains("`with.limits.");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(50));
        if (!what.equals("memory that is shared")) {
            assertThat(failure.message()).contains("`with.limits." + limit + "`");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " :: ",
            quoteCharacter = '`',
            textBlock =
                    """
                    a memory hog :: perl -e '$x = "x" x 900000000; print "GOT IT"'
                    a sparse file of 100 GB :: truncate -s 100G big && echo GOT IT; false
                    a segmentation fault :: kill -SEGV $$
                    the end of everybody :: kill -9 -1
                    """)
    void what_ruins_itself_is_a_failure_of_its_own(String what, String script) throws Exception {
        var failure =
                failure(limited("exec 2>/dev/null; " + script, "memory", Value.text("100MB")));
        assertThat(failure.code()).as(what).matches("exit_\\d+|limit_exceeded");
        assertThat(failure.message()).doesNotContain("GOT IT");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " :: ",
            quoteCharacter = '`',
            textBlock =
                    """
                    a fork bomb of the shell :: f() { f | f & }; f; sleep 1; exit 2
                    a fork bomb that forgets itself :: perl -e 'fork while 1'
                    children that leave their parent :: while :; do setsid sh -c 'sleep 60 & sleep 60' & done
                    """)
    void a_fork_bomb_goes_off_in_a_small_room(String what, String script) throws Exception {
        var most = new AtomicLong();
        var done = new AtomicBoolean();
        var counter =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!done.get()) {
                                most.accumulateAndGet(marked() - before, Math::max);
                            }
                        });
        try {
            var settings =
                    limited(
                            "exec 2>/dev/null; " + script,
                            "processes",
                            Value.of(40),
                            "cpu",
                            Value.text("1s"));
            assertThat(failure(settings).code()).as(what).matches("exit_2|limit_exceeded");
        } finally {
            done.set(true);
            counter.join();
        }
        // And what bubblewrap itself needs.
        assertThat(most.get()).isPositive().isLessThanOrEqualTo(45);
    }

    /// It has its own session, no parent and an empty environment, so that nobody knows it.
    private static String daemon(String name) {
        return "env -i setsid setsid sh -c 'sleep " + name + " & sleep " + name + "' &";
    }

    private static long sleepers(String name) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                                .contains("sleep\0" + name);
                    } catch (IOException _) {
                        return false;
                    }
                })
                .count();
    }

    private static void assertGoneInASecond(String name) throws InterruptedException {
        Thread.sleep(1_000);
        assertThat(sleepers(name)).as("surviving processes").isZero();
    }

    @Test
    void a_daemon_ends_with_its_sandbox() throws Exception {
        assertThat(text(shell(daemon("611.5") + " sleep 0.2; echo done"))).isEqualTo("done");
        assertGoneInASecond("611.5");
    }

    @Test
    void a_daemon_ends_with_an_attempt_that_is_not_wanted_any_more() throws Exception {
        var thrown = new AtomicReference<Exception>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                perform(shell(daemon("612.5") + " sleep 612.5"));
                            } catch (Exception e) {
                                thrown.set(e);
                            }
                        });
        while (sleepers("612.5") < 3) {
            Thread.sleep(10);
        }
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertGoneInASecond("612.5");
    }

    /// What a process does that is to be killed.
    static final class Doomed {
        public static void main(String[] arguments) throws Exception {
            new CommandAgent(Path.of("/"), List.of(), SANDBOX)
                    .perform(new GivenAttempt(shell(arguments[0])));
        }
    }

    @Test
    void a_daemon_ends_with_tutti_itself() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var tutti =
                new ProcessBuilder(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Doomed.class.getName(),
                                daemon("613.5") + " sleep 613.5")
                        .inheritIO()
                        .start();
        while (sleepers("613.5") < 3 && tutti.isAlive()) {
            Thread.sleep(20);
        }
        assertThat(tutti.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertGoneInASecond("613.5");
    }

    @Test
    void without_bubblewrap_nothing_is_run() throws Exception {
        var outcome =
                new CommandAgent(folder, List.of(), new Sandbox("/nowhere/bwrap"))
                        .perform(new GivenAttempt(shell("touch " + folder + "/ran")));
        assertUnavailable(outcome, "/nowhere/bwrap");
    }

    @Test
    void without_user_namespaces_nothing_is_run() throws Exception {
        var broken =
                Files.writeString(
                        folder.resolve("bwrap"),
                        "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n");
        assertThat(broken.toFile().setExecutable(true, false)).isTrue();
        var outcome =
                new CommandAgent(folder, List.of(), new Sandbox(broken.toString()))
                        .perform(new GivenAttempt(shell("touch " + folder + "/ran")));
        assertUnavailable(outcome, "No permissions to create a new namespace");
    }

    private void assertUnavailable(Outcome outcome, String why) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var failure = ((Outcome.Failed) outcome).failure();
        assertThat(failure).isInstanceOf(Failure.Permanent.class);
        assertThat(failure.code()).isEqualTo("sandbox_unavailable");
        assertThat(failure.message()).contains(why, "apt install bubblewrap", "sandbox: none");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void a_program_beside_the_team_file_runs_and_sees_nothing_else_of_it() throws Exception {
        var program =
                Files.writeString(
                        folder.resolve("agent.sh"), "#!/bin/sh\nls \"${0%/*}\"; echo $1 $PWD\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(text(strict("./agent.sh", "hello")))
                .isEqualTo("agent.sh\nhello " + Sandbox.WORKSPACE);
    }

    @Test
    void what_it_may_read_it_may_not_write() throws Exception {
        var script = "cat FOLDER/secret; (echo x > FOLDER/secret) 2>/dev/null || echo refused";
        var settings = shell(script.replace("FOLDER", folder.toString()));
        assertThat(text(settings.with("read", Value.from(List.of(".")))))
                .isEqualTo("CANARYrefused");
    }

    @Test
    void its_environment_is_what_it_was_granted() throws Exception {
        var settings =
                shell("echo $GREETING $HOME $PATH ${JAVA_HOME-none}")
                        .with("env", Value.struct("GREETING", Value.text("hello")));
        assertThat(text(settings)).isEqualTo("hello /tmp /usr/local/bin:/usr/bin:/bin none");
    }

    @Test
    void the_network_is_there_where_it_is_granted() throws Exception {
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var script =
                    "perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(PeerAddr => \"127.0.0.1:"
                            + listener.getLocalPort()
                            + "\") ? \"reached\" : \"not\"'";
            assertThat(text(shell(script).with("network", Value.of(true)))).isEqualTo("reached");
        }
    }

    @Test
    void a_program_that_is_not_there_is_refused() throws Exception {
        var failure = failure(strict("no-such-program"));
        assertThat(failure).isInstanceOf(Failure.Permanent.class);
        assertThat(failure.code()).isEqualTo("refused");
        assertThat(failure.message()).contains("no-such-program", "with.read");
    }

    @Test
    void a_fresh_workspace_is_empty_and_gone_afterwards() throws Exception {
        var seen = new ArrayList<String>();
        for (int i = 0; i < 2; i++) {
            seen.add(text(shell("ls -A; mkdir -p deep/er; touch deep/er/x; chmod 0 deep; pwd")));
        }
        assertThat(seen).containsOnly(Sandbox.WORKSPACE);
        var own = Grounds.newFolder();
        try (var left = Files.list(own.getParent())) {
            assertThat(left).containsExactly(own);
        } finally {
            Workspace.delete(own);
        }
    }

    @Test
    void a_workspace_that_was_there_stays() throws Exception {
        var work = Files.createDirectory(folder.resolve("work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        var settings = shell("echo $PWD | tee result").with("workspace", Value.text("work"));
        assertThat(text(settings)).isEqualTo(work.toString());
        assertThat(Files.readString(work.resolve("result")).strip()).isEqualTo(work.toString());
    }
}
