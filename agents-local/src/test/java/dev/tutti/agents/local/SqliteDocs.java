package dev.tutti.agents.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The pages of the SQLite documentation and the questions they answer, where that data is at hand.
/// As a program, writes each page as a Markdown file into a folder.
public final class SqliteDocs {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// A page.
    record Page(String id, String title, String text) {}

    /// A question with the pages that answer it.
    record Question(String id, String text, List<String> answers) {}

    private SqliteDocs() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: sqlite-docs DIR");
            System.exit(2);
        }
        var data = data();
        if (data.isEmpty()) {
            System.err.println("sqlite-docs: ../shared/data/documents is not here");
            System.exit(2);
            return;
        }
        int pages = write(data.get(), Path.of(arguments[0]), Integer.MAX_VALUE);
        System.out.println(pages + " pages in " + arguments[0]);
    }

    /// The folder of the data, looked for beside this one and above.
    static Optional<Path> data() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = at.resolve("../shared/data/documents").normalize();
            if (Files.isRegularFile(data.resolve("sqlite-queries.jsonl"))) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    /// Writes up to `most` pages as `<id>.md`, the title as the first heading.
    static int write(Path data, Path folder, int most) throws IOException {
        var pages = pages(data);
        for (var page : pages.subList(0, Math.min(most, pages.size()))) {
            var file = folder.resolve(page.id() + ".md");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "# " + page.title() + "\n\n" + page.text() + "\n");
        }
        return Math.min(most, pages.size());
    }

    static List<Page> pages(Path data) throws IOException {
        var pages = new ArrayList<Page>();
        for (int part = 0; ; part++) {
            var file = data.resolve("sqlite-pages-" + part + ".jsonl.gz");
            if (!Files.exists(file)) {
                return pages;
            }
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new GZIPInputStream(Files.newInputStream(file)),
                                    StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    var page = JSON.readTree(line);
                    pages.add(new Page(text(page, "id"), text(page, "title"), text(page, "text")));
                }
            }
        }
    }

    static List<Question> questions(Path data) throws IOException {
        var questions = new ArrayList<Question>();
        for (var line : Files.readAllLines(data.resolve("sqlite-queries.jsonl"))) {
            var question = JSON.readTree(line);
            var answers = new ArrayList<String>();
            question.path("gold").forEach(page -> answers.add(page.asString()));
            questions.add(new Question(text(question, "id"), text(question, "query"), answers));
        }
        return questions;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString();
    }
}
