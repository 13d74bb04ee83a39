package dev.tutti.simulation.drill;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Puts each known bug into a copy of the sources it changes, compiles them, and plays worlds from
/// several places until the bug is found.
public final class Drill {
    /// Where the seeds of each hunt begin.
    private static final List<Long> STARTS = List.of(10_000L, 20_000L, 30_000L, 40_000L, 50_000L);

    private static final int MOST_SEEDS = 200;

    private final Path home;
    private final List<Path> classPath;
    private final int most;
    private final String ignored;

    /// @param home the project's folder
    /// @param classPath of the simulator: folders of classes, and libraries
    /// @param most seeds that a hunt tries
    /// @param ignored an invariant that is not looked at, or an empty text
    public Drill(Path home, List<Path> classPath, int most, String ignored) {
        this.home = home;
        this.classPath = List.copyOf(classPath);
        this.most = most;
        this.ignored = ignored;
    }

    /// What became of one bug.
    ///
    /// @param seeds how many each hunt needed, in order of size; shorter than the hunts if some
    ///   missed
    /// @param by how often each invariant found it
    /// @param first the first violation, or an empty text
    public record Finding(Patch patch, List<Integer> seeds, Map<String, Integer> by, String first) {
        public Finding {
            seeds = List.copyOf(seeds);
        }

        public boolean found() {
            return !seeds.isEmpty();
        }

        /// Half of the hunts needed no more seeds than this.
        public int median() {
            return seeds.get(seeds.size() / 2);
        }
    }

    /// The bugs that are kept, by name.
    public static List<Patch> patches(Path home) throws IOException {
        try (var files = Files.list(home.resolve("simulation/drill"))) {
            var patches = new ArrayList<Patch>();
            for (var file :
                    files.filter(file -> file.toString().endsWith(".patch")).sorted().toList()) {
                patches.add(Patch.read(file));
            }
            return patches;
        }
    }

    /// Hunts one bug from the first `starts` places.
    public Finding hunt(Patch patch, int starts) throws IOException {
        var work = Files.createTempDirectory("tutti-drill");
        try {
            compile(patch, work);
            return hunt(patch, work, starts);
        } finally {
            delete(work);
        }
    }

    private Finding hunt(Patch patch, Path work, int starts) throws IOException {
        var seeds = new ArrayList<Integer>();
        var by = new TreeMap<String, Integer>();
        var first = "";
        try (var libraries = loader(libraries(), ClassLoader.getPlatformClassLoader());
                var buggy = loader(own(work), libraries)) {
            var hunt =
                    buggy.loadClass(Hunt.class.getName())
                            .getMethod("hunt", long.class, int.class, String.class);
            for (var start : STARTS.subList(0, Math.min(starts, STARTS.size()))) {
                var found = (String[]) hunt.invoke(null, start, most, ignored);
                if (found.length > 0) {
                    seeds.add(Integer.valueOf(found[0]));
                    by.merge(found[1], 1, Integer::sum);
                    first = first.isEmpty() ? found[2] : first;
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the hunt for " + patch.name() + " broke", e);
        }
        seeds.sort(Comparator.naturalOrder());
        return new Finding(patch, seeds, by, first);
    }

    private void compile(Patch patch, Path work) throws IOException {
        var sources = new ArrayList<Path>();
        for (var changed : patch.apply(home).entrySet()) {
            var file = work.resolve("sources").resolve(changed.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, changed.getValue());
            sources.add(file);
        }
        var classes = Files.createDirectories(work.resolve("classes"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var options =
                    List.of(
                            "-proc:none",
                            "-parameters",
                            "-nowarn",
                            "-d",
                            classes.toString(),
                            "-cp",
                            String.join(
                                    java.io.File.pathSeparator,
                                    classPath.stream().map(Path::toString).toList()));
            var units = files.getJavaFileObjectsFromPaths(sources);
            if (!compiler.getTask(said, files, null, options, null, units).call()) {
                throw new IllegalArgumentException(
                        "patch " + patch.name() + " does not compile: " + said);
            }
        }
    }

    private List<Path> libraries() {
        return classPath.stream().filter(path -> !isOurs(path)).toList();
    }

    /// Whether the bug may be in it: our modules are folders of classes, or jars once Maven has
    /// packed them.
    private static boolean isOurs(Path path) {
        return Files.isDirectory(path) || path.getFileName().toString().startsWith("tutti-");
    }

    /// The classes with the bug come before those without.
    private List<Path> own(Path work) {
        return Stream.concat(
                        Stream.of(work.resolve("classes")),
                        classPath.stream().filter(Drill::isOurs))
                .toList();
    }

    private static URLClassLoader loader(List<Path> paths, ClassLoader parent) {
        return new URLClassLoader(
                paths.stream()
                        .map(path -> {
                            try {
                                return path.toUri().toURL();
                            } catch (MalformedURLException e) {
                                throw new IllegalArgumentException("not a place: " + path, e);
                            }
                        })
                        .toArray(URL[]::new),
                parent);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    // ---- from the command line

    /// The class path of this process, as the drill needs it.
    public static List<Path> ownClassPath() {
        return Stream.of(
                        System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /// Hunts all bugs whose names contain a pattern.
    public static void main(String[] arguments) throws IOException {
        var home = Path.of(arguments[0]);
        var pattern = "";
        var ignored = "";
        int starts = STARTS.size();
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals("--without-invariant") && i + 1 < arguments.length) {
                ignored = arguments[++i];
            } else if (arguments[i].equals("--starts") && i + 1 < arguments.length) {
                starts = Math.clamp(Integer.parseInt(arguments[++i]), 1, STARTS.size());
            } else {
                pattern = arguments[i];
            }
        }
        var drill = new Drill(home, ownClassPath(), MOST_SEEDS, ignored);
        System.exit(run(drill, pattern, starts, System.out));
    }

    private static int run(Drill drill, String pattern, int starts, PrintStream out)
            throws IOException {
        int missed = 0;
        int all = 0;
        for (var patch : patches(drill.home)) {
            if (!patch.name().contains(pattern)) {
                continue;
            }
            all++;
            Finding finding;
            try {
                finding = drill.hunt(patch, starts);
            } catch (IllegalArgumentException e) {
                missed++;
                out.println(patch.name() + " NOT HUNTED: " + e.getMessage());
                continue;
            }
            missed += finding.found() ? 0 : 1;
            out.printf(
                    Locale.ROOT,
                    "%-28s %s%n",
                    patch.name(),
                    finding.found()
                            ? "found by "
                                    + finding.by()
                                    + ", median of "
                                    + finding.seeds()
                                    + " seeds: "
                                    + finding.median()
                            : "MISSED in " + starts + " times " + MOST_SEEDS + " seeds");
            if (finding.found()) {
                out.println("    " + finding.first());
            }
        }
        out.println((all - missed) + " of " + all + " found");
        return missed == 0 ? 0 : 1;
    }
}
