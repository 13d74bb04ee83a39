package dev.tutti.agents.local;

import dev.tutti.agents.local.FolderSearch.Hit;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Upkeep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the passages of a folder's documents that answer a question.
///
/// Settings: `folder`, and `embeddings: false` for words alone. Takes `query` and `k`; gives
/// `passages`, best first, and how they were found as `retrieval`: `bm25` until the embeddings of
/// most passages are computed, then `hybrid`.
final class Retriever implements AgentExecutor {
    static final List<String> SETTINGS = List.of("folder", "embeddings");
    private static final int DEFAULT_PASSAGES = 8;
    private static final int MOST_PASSAGES = 500;
    private static final int LONGEST_QUERY = 10_000;

    private final Path store;
    private final Path base;
    private final Map<Path, IndexedFolder> folders = new LinkedHashMap<>();
    private final Map<Path, IndexedFolder> embedded = new LinkedHashMap<>();

    Retriever(AgentSettings settings) {
        this.store = settings.store();
        this.base = settings.base();
        var given = settings.agent().settings();
        Settings.require(given, settings.uses(), SETTINGS);
        if (given.get("folder") == null) {
            throw new IllegalArgumentException(
                    settings.uses()
                            + " needs a folder of documents: write `with: { folder: docs }`");
        }
    }

    @Override
    public Outcome perform(Attempt attempt) throws IOException, InterruptedException {
        var name = Settings.text(attempt.settings(), "folder", "");
        boolean byMeaning = Settings.flag(attempt.settings(), "embeddings", true);
        var query = Settings.text(attempt.input(), "query", "").strip();
        int most = Settings.count(attempt.input(), "k", DEFAULT_PASSAGES, MOST_PASSAGES);
        if (query.isEmpty() || query.length() > LONGEST_QUERY) {
            throw new IllegalArgumentException(
                    "`query` is to be a text of 1 to " + LONGEST_QUERY + " characters");
        }
        var path = base.resolve(name);
        if (name.isBlank() || !Files.isDirectory(path)) {
            return refused(
                    "no_folder",
                    "there is no folder "
                            + path.toAbsolutePath().normalize()
                            + ": name one that exists as the retriever's `folder`; a relative"
                            + " path starts from the team file");
        }
        var scan = FolderScan.of(path);
        var folder = folder(path.toRealPath(), byMeaning);
        int passages =
                folder.refresh(
                        scan,
                        (read, of) ->
                                attempt.progress((double) read / of, "reading " + read + "/" + of));
        if (passages == 0) {
            return refused(
                    "empty_folder",
                    "the folder "
                            + folder.folder()
                            + " has no text to search: put text, Markdown, HTML or PDF files in it"
                            + leftOut(scan));
        }
        var answer = folder.find(query, most, byMeaning);
        return Outcome.succeeded(
                Value.struct(
                        "passages",
                        new Value.Array(answer.hits().stream().map(Retriever::value).toList()),
                        "retrieval",
                        Value.text(answer.hybrid() ? "hybrid" : "bm25")));
    }

    @Override
    public Upkeep upkeep() {
        return new EmbeddingUpkeep(this::embedded);
    }

    @Override
    public synchronized void close() {
        for (var folder : folders.values()) {
            try {
                folder.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        folders.clear();
        embedded.clear();
    }

    private synchronized IndexedFolder folder(Path path, boolean byMeaning) throws IOException {
        var folder = folders.get(path);
        if (folder == null) {
            var home = store.resolve("index").resolve(Digest.hex(path.toString()).substring(0, 16));
            folder = new IndexedFolder(path, home, Weights.TUNED);
            folders.put(path, folder);
        }
        if (byMeaning) {
            embedded.put(path, folder);
        }
        return folder;
    }

    /// The folders that were asked for with embeddings.
    private synchronized List<IndexedFolder> embedded() {
        return List.copyOf(embedded.values());
    }

    private static Value value(Hit hit) {
        return Value.struct(
                "text",
                Value.text(hit.text()),
                "source",
                Value.text(hit.source()),
                "title",
                Value.text(hit.title()),
                "place",
                Value.text(hit.place()),
                "score",
                Settings.rounded(hit.score()));
    }

    private static String leftOut(FolderScan scan) {
        return scan.leftOut().isEmpty() ? "" : "; left out: " + String.join(", ", scan.leftOut());
    }

    private static Outcome refused(String code, String message) {
        return Outcome.failed(new Failure.Permanent(code, message));
    }
}
