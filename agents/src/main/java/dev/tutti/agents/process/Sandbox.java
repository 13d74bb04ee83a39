package dev.tutti.agents.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A place of its own for a command, by bubblewrap: own processes, own network (none, unless it is
/// granted), own temporary folders, a system that can only be read, no rights and no way to get
/// any. What the command may see of this machine is `/usr`, what `/usr` needs of `/etc`, its
/// workspace, its program and what it was granted to read, each under the name that it has outside.
///
/// Where this process is root, the sandbox runs as nobody: as root it could write to `/proc/sys`
/// even from inside.
///
/// Source of the profile: the manual of bubblewrap, bwrap(1).
final class Sandbox {
    /// The workspace as the command sees it, where it is fresh.
    static final String WORKSPACE = "/workspace";

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final List<String> BESIDE_USR =
            List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
    private static final List<String> OF_ETC =
            List.of(
                    "/etc/alternatives",
                    "/etc/ld.so.cache",
                    "/etc/ld.so.conf",
                    "/etc/ld.so.conf.d",
                    "/etc/localtime",
                    "/etc/ssl/certs",
                    "/etc/ssl/openssl.cnf",
                    "/etc/pki/tls/certs",
                    "/etc/ca-certificates");
    private static final List<String> OF_ETC_FOR_NETWORK =
            List.of("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services");
    private static final int PROBE_SECONDS = 20;
    private static final String MEND =
            "; nothing was run. Install bubblewrap (on Debian: apt install bubblewrap) and allow"
                    + " user namespaces (sysctl user.max_user_namespaces,"
                    + " kernel.unprivileged_userns_clone,"
                    + " kernel.apparmor_restrict_unprivileged_userns), or, if you trust the"
                    + " command with all that you may do yourself, say `sandbox: none`";

    /// A session is weighed as a whole where the kernel groups processes by sessions, whatever
    /// their own niceness (sched(7), autogroup).
    private static final String AFTER_OTHERS =
            "{ echo 10 > /proc/self/autogroup; } 2>/dev/null; exec \"$@\"";

    private final ReentrantLock probing = new ReentrantLock();
    private final String bubblewrap;
    private boolean works;

    /// @param bubblewrap the program
    Sandbox(String bubblewrap) {
        this.bubblewrap = bubblewrap;
    }

    /// Shows that this machine can make a sandbox. What was shown is believed from then on.
    ///
    /// @throws Unsuccessful `sandbox_unavailable`
    void require() throws Unsuccessful, InterruptedException {
        probing.lockInterruptibly();
        try {
            if (!works) {
                probe();
                works = true;
            }
        } finally {
            probing.unlock();
        }
    }

    private void probe() throws Unsuccessful, InterruptedException {
        var words = new ArrayList<>(asNobody());
        words.add(bubblewrap);
        words.addAll(walls(false));
        words.addAll(List.of("--", "/usr/bin/prlimit", "--core=0", "/usr/bin/nice", "true"));
        try {
            var process = Starter.start(new ProcessBuilder(words).redirectErrorStream(true));
            process.getOutputStream().close();
            var said = process.getInputStream().readNBytes(1_000);
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw unavailable("bubblewrap did not end");
            }
            if (process.exitValue() != 0) {
                throw unavailable(PlainText.of(new String(said, StandardCharsets.UTF_8)).strip());
            }
        } catch (IOException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        }
    }

    static Unsuccessful unavailable(String why) {
        return Unsuccessful.forGood(
                "sandbox_unavailable", "this machine cannot make a sandbox: " + why + MEND);
    }

    /// The command line that starts a command in here.
    ///
    /// @param told what it is told in its environment
    List<String> around(CommandSettings settings, Workspace workspace, Map<String, String> told)
            throws IOException {
        // Options go through a file: they hold the environment, and a command line is public.
        var arguments = workspace.own("arguments");
        Files.writeString(arguments, arguments(settings, workspace, told));
        var words = new ArrayList<String>();
        words.addAll(
                List.of(
                        "/bin/sh",
                        "-c",
                        "exec 3<\"$1\"; shift; exec \"$@\"",
                        "sh",
                        arguments.toString()));
        words.addAll(asNobody());
        words.addAll(List.of(bubblewrap, "--args", "3", "--"));
        words.addAll(restraints(settings.limits()));
        words.addAll(settings.words());
        return words;
    }

    private static List<String> asNobody() {
        var nobody = Integer.toString(Workspace.NOBODY);
        return Grounds.ROOT
                ? List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups")
                : List.of();
    }

    /// Limits of each process, set inside, so that only processes of the sandbox count.
    private static List<String> restraints(Limits limits) {
        return List.of(
                "/bin/sh",
                "-c",
                AFTER_OTHERS,
                "sh",
                "/usr/bin/prlimit",
                "--data=" + limits.memory(),
                "--cpu=" + limits.cpu() + ":" + (limits.cpu() + 5),
                "--nproc=" + limits.processes(),
                "--fsize=" + limits.file(),
                "--nofile=" + limits.open(),
                "--core=0",
                "/usr/bin/nice",
                "-n",
                "10");
    }

    private static String arguments(
            CommandSettings settings, Workspace workspace, Map<String, String> told) {
        var words = new ArrayList<>(walls(settings.network()));
        bind(words, workspace.own("tmp"), "/tmp");
        bind(words, workspace.own("shm"), "/dev/shm");
        readOnly(words, workspace.own("passwd").toString(), "/etc/passwd");
        readOnly(words, workspace.own("group").toString(), "/etc/group");
        for (var path : settings.read()) {
            readOnly(words, path.toString(), path.toString());
        }
        var at = workspace.fresh() ? WORKSPACE : workspace.work().toString();
        bind(words, workspace.work(), at);
        var program = settings.words().getFirst();
        if (program.startsWith("/")) {
            readOnly(words, program, program);
        }
        words.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", at));
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", PATH);
        environment.put("HOME", "/tmp");
        environment.put("TMPDIR", "/tmp");
        environment.put("LANG", "C.UTF-8");
        environment.putAll(settings.environment());
        environment.putAll(told);
        environment.forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
        return String.join("\0", words) + "\0";
    }

    private static List<String> walls(boolean network) {
        var words =
                new ArrayList<>(
                        List.of(
                                "--unshare-all",
                                "--unshare-user",
                                "--disable-userns",
                                "--die-with-parent",
                                "--new-session",
                                "--cap-drop",
                                "ALL",
                                "--clearenv",
                                "--hostname",
                                "sandbox",
                                "--uid",
                                Integer.toString(Workspace.NOBODY),
                                "--gid",
                                Integer.toString(Workspace.NOBODY)));
        if (network) {
            words.add("--share-net");
        }
        readOnly(words, "/usr", "/usr");
        for (var path : BESIDE_USR) {
            var target = linkTarget(Path.of(path));
            if (target != null) {
                words.addAll(List.of("--symlink", target, path));
            } else if (Files.isDirectory(Path.of(path))) {
                readOnly(words, path, path);
            }
        }
        OF_ETC.forEach(path -> words.addAll(List.of("--ro-bind-try", path, path)));
        if (network) {
            OF_ETC_FOR_NETWORK.forEach(path -> words.addAll(List.of("--ro-bind-try", path, path)));
        }
        words.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        return words;
    }

    private static @Nullable String linkTarget(Path path) {
        try {
            return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString() : null;
        } catch (IOException _) {
            return null;
        }
    }

    private static void readOnly(List<String> words, String from, String to) {
        words.addAll(List.of("--ro-bind", from, to));
    }

    private static void bind(List<String> words, Path from, String to) {
        words.addAll(List.of("--bind", from.toString(), to));
    }

    /// Whether it was the sandbox, or what stands between it and the command, that failed.
    ///
    /// @param said the last lines on the standard error
    static void check(int code, String said) throws Unsuccessful {
        var first = said.lines().findFirst().orElse("");
        if (code == 1 && first.startsWith("bwrap: ")) {
            if (first.contains("Can't find source path") || first.contains("Can't bind")) {
                throw Unsuccessful.forGood(
                        "refused",
                        first
                                + (Grounds.ROOT
                                        ? "; Tutti runs as root here and a sandbox as nobody, who must be able to come there"
                                        : ""));
            }
            throw unavailable(first);
        }
        if ((code == 126 || code == 127) && first.matches("/?(usr/bin/)?nice: .*")) {
            throw Unsuccessful.forGood(
                    "refused",
                    "the command cannot be started: "
                            + first.substring(first.indexOf(' ') + 1)
                            + "; in a sandbox there is /usr, and what `with.read` grants");
        }
        switch (code) {
            case 128 + 24 ->
                    throw Unsuccessful.forGood(
                            "limit_exceeded",
                            "the command took more processor time than it may (`with.limits.cpu`)");
            case 128 + 25 ->
                    throw Unsuccessful.forGood(
                            "limit_exceeded",
                            "the command wrote a longer file than it may (`with.limits.file`)");
            default -> {}
        }
    }
}
