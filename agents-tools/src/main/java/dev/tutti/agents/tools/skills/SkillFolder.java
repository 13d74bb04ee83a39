package dev.tutti.agents.tools.skills;

import dev.tutti.agents.tools.Document;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// One skill: a folder with a `SKILL.md`, whose front matter says its name and what it is for.
///
/// @param name as agents ask for it; the folder has the same
/// @param description when to take it up
/// @param instructions the text below the front matter
/// @param folder where its files are, links resolved
record SkillFolder(String name, String description, String instructions, Path folder) {
    static final String FILE = "SKILL.md";
    private static final String FENCE = "---";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_DESCRIPTION = 1_024;
    private static final int LONGEST_FILE = 1 << 20;
    private static final int MOST_FILES = 500;
    private static final int DEEPEST = 8;

    /// Reads the skill in a folder.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it, and where
    static SkillFolder read(Path folder) {
        var file = folder.resolve(FILE);
        var lines = text(file).lines().toList();
        int end = lines.indexOf(FENCE) == 0 ? 1 : lines.size();
        while (end < lines.size() && !lines.get(end).strip().equals(FENCE)) {
            end++;
        }
        if (end == lines.size()) {
            throw new IllegalArgumentException(
                    file + ": it begins with front matter between two lines `---`");
        }
        var front = String.join("\n", lines.subList(1, end)).getBytes(StandardCharsets.UTF_8);
        var said = Document.read(file + ", front matter", front);
        var name = needed(file, said, "name");
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    file
                            + ": the name of a skill is small letters, digits and single `-`, at most "
                            + LONGEST_NAME
                            + " of them; not `"
                            + name
                            + "`");
        }
        if (!name.equals(String.valueOf(folder.getFileName()))) {
            throw new IllegalArgumentException(
                    file + ": the skill is called `" + name + "`, so its folder is as well");
        }
        var description = needed(file, said, "description");
        if (description.length() > LONGEST_DESCRIPTION) {
            throw new IllegalArgumentException(
                    file + ": its description has " + LONGEST_DESCRIPTION + " characters at most");
        }
        var body = String.join("\n", lines.subList(end + 1, lines.size())).strip();
        try {
            return new SkillFolder(name, description, body, folder.toRealPath());
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String needed(Path file, Value.Struct said, String key) {
        if (said.get(key) instanceof Value.Text(var text) && !text.isBlank()) {
            return text.strip();
        }
        throw new IllegalArgumentException(file + ": its front matter says no `" + key + "`");
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw new IllegalArgumentException(file + " is longer than 1 MiB");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not text in UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// The files that go with it, by their paths within the folder.
    List<String> files() {
        try (var all = Files.find(folder, DEEPEST, (_, attributes) -> attributes.isRegularFile())) {
            return all.map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.equals(FILE))
                    .sorted()
                    .limit(MOST_FILES)
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// What a file of it says.
    ///
    /// @throws IllegalArgumentException when it has no such file: what a link leads to elsewhere is
    ///   none of it
    String file(String path) {
        try {
            var file = folder.resolve(path).normalize();
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && file.toRealPath().startsWith(folder)) {
                return text(file);
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof IllegalArgumentException known
                    && !(e instanceof java.nio.file.InvalidPathException)) {
                throw known;
            }
        }
        throw new IllegalArgumentException(
                "skill `" + name + "` has no file `" + path + "`; it has " + files());
    }
}
