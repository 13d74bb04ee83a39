package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// The stores of one proof, each in a folder of its own. A new one is a copy of one that is empty,
/// so that its tables are not made again each time.
final class Stores {
    private final Path folder;
    private final Path template;
    private int made;

    /// @param folder an empty one
    Stores(Path folder) {
        this.folder = folder;
        template = folder.resolve("template.db");
        SqliteJournal.open(template, Worker.artifacts(folder)).close();
    }

    /// A new store.
    Path add() throws IOException {
        var store = addFolder();
        Files.copy(template, Worker.database(store));
        return store;
    }

    /// What is on disk of a store, as another one.
    Path addCopy(Path store) throws IOException {
        var copy = addFolder();
        copy(store, copy);
        return copy;
    }

    private synchronized Path addFolder() throws IOException {
        return Files.createDirectory(folder.resolve("store" + made++));
    }

    /// Copies what is on disk, but for the index of the log, which is made anew.
    static void copy(Path store, Path copy) throws IOException {
        try (var files = Files.walk(store)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith("-shm")) {
                    var target = copy.resolve(store.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    /// Deletes a store, if it is there.
    static void delete(Path store) throws IOException {
        if (!Files.exists(store)) {
            return;
        }
        try (var files = Files.walk(store)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
