package dev.tutti.simulation.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A known bug as a unified diff against the project's sources.
///
/// Lines before the first `---` say what it is: `bug:` in a sentence, and `found by:` the
/// invariants that should find it.
///
/// @param foundBy ids of invariants
/// @param changes by the path of the file below the project's folder
public record Patch(
        String name, String bug, List<String> foundBy, Map<Path, List<Change>> changes) {
    public Patch {
        foundBy = List.copyOf(foundBy);
    }

    /// Lines that stand one after the other, and what stands there with the bug.
    public record Change(List<String> before, List<String> after) {
        public Change {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    public static Patch read(Path file) throws IOException {
        var name = String.valueOf(file.getFileName()).replaceFirst("\\.patch$", "");
        return read(name, Files.readAllLines(file));
    }

    static Patch read(String name, List<String> lines) {
        var bug = "";
        var foundBy = new ArrayList<String>();
        var changes = new LinkedHashMap<Path, List<Change>>();
        List<Change> here = new ArrayList<>();
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        for (var line : lines) {
            if (line.startsWith("bug: ")) {
                bug = line.substring("bug: ".length());
            } else if (line.startsWith("found by: ")) {
                foundBy.addAll(List.of(line.substring("found by: ".length()).split(",? ", -1)));
            } else if (line.startsWith("--- ") || line.startsWith("@@ ")) {
                keep(here, before, after);
            } else if (line.startsWith("+++ b/")) {
                here = new ArrayList<>();
                changes.put(Path.of(line.substring("+++ b/".length()).split("\t", 2)[0]), here);
            } else if (line.startsWith("-")) {
                before.add(line.substring(1));
            } else if (line.startsWith("+")) {
                after.add(line.substring(1));
            } else if (!changes.isEmpty()) {
                before.add(line.isEmpty() ? "" : line.substring(1));
                after.add(line.isEmpty() ? "" : line.substring(1));
            }
        }
        keep(here, before, after);
        if (bug.isEmpty() || foundBy.isEmpty() || changes.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " says no bug, no invariant that finds it, or changes nothing");
        }
        return new Patch(name, bug, foundBy, changes);
    }

    private static void keep(List<Change> here, List<String> before, List<String> after) {
        if (!before.isEmpty()) {
            here.add(new Change(before, after));
        }
        before.clear();
        after.clear();
    }

    /// The files that it changes, with the bug in them.
    ///
    /// @throws IllegalArgumentException when the lines it is about are not there any more, or not
    ///   once only
    public Map<Path, String> apply(Path home) throws IOException {
        var changed = new LinkedHashMap<Path, String>();
        for (var file : changes.entrySet()) {
            var text = Files.readString(home.resolve(file.getKey()));
            for (var change : file.getValue()) {
                text = apply(file.getKey(), text, change);
            }
            changed.put(file.getKey(), text);
        }
        return changed;
    }

    private String apply(Path file, String text, Change change) {
        var before = String.join("\n", change.before());
        int at = text.indexOf(before);
        if (at < 0 || text.indexOf(before, at + 1) >= 0) {
            throw new IllegalArgumentException(
                    "patch "
                            + name
                            + " does not fit "
                            + file
                            + " any more: "
                            + (at < 0 ? "not there: " : "there twice: ")
                            + before);
        }
        return text.substring(0, at)
                + String.join("\n", change.after())
                + text.substring(at + before.length());
    }
}
