package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A team file that was read, sound or not.
///
/// YAML 1.2 in UTF-8; a byte order mark at its beginning is skipped. What is wrong with it is found
/// all at once.
public final class TeamFile {

    /// The most faults that are shown in full.
    private static final int MOST_SHOWN = 20;

    private static final String SCHEMA = "/dev/tutti/team.schema.json";

    private static final Pattern FROM =
            Pattern.compile("from `([a-z][a-z0-9_]*)(?:\\.([a-z][a-z0-9_]*))?.*`");

    private final String name;
    private final Map<String, String> files;
    private final Source source;
    private final @Nullable YamlNode root;
    private final @Nullable Places places;
    private final Map<Fault, Yaml.Problem> problems = new LinkedHashMap<>();
    private final List<Fault> faults;
    private final Value.Struct document;
    private final @Nullable Team team;

    /// The content of a file that is no team, YAML or JSON.
    ///
    /// @throws TeamFileException when it cannot be read
    /// @throws IllegalArgumentException with everything that is wrong with it
    public static Value document(Path file) throws TeamFileException {
        var read = read(file);
        var broken =
                read.faults().stream().filter(fault -> fault.code().startsWith("E-YAML")).toList();
        if (!broken.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": " + String.join("; ", broken.stream().map(Fault::message).toList()));
        }
        return read.document();
    }

    private TeamFile(String text, String name, @Nullable Path base, Map<String, String> files) {
        this.name = name;
        this.files = new LinkedHashMap<>(files);
        source = new Source(text.startsWith("\uFEFF") ? text.substring(1) : text);
        var tree = Yaml.read(source);
        var found = new ArrayList<>(tree.problems());
        root = tree.root();
        var reading =
                new TeamDocument.Reading(
                        new Team(List.of(), List.of(), List.of()),
                        List.of(),
                        new LinkedHashMap<>());
        Value value = Value.Struct.EMPTY;
        var ofFiles = new Report();
        if (root != null) {
            value =
                    new CoreSchema((scalar, at, why) -> found.add(number(scalar, at, why)))
                            .value(root);
            if (value instanceof Value.Struct content) {
                value = new AgentFiles(base, this.files, ofFiles).into(content);
                reading = TeamDocument.read((Value.Struct) value);
            }
        }
        if (found.isEmpty() && !(root != null && value instanceof Value.Struct)) {
            found.add(noObject(root));
        }
        document = value instanceof Value.Struct content ? content : Value.Struct.EMPTY;
        places = root == null ? null : new Places(source, root);
        found.forEach(problem -> problems.put(problem.fault(), problem));
        var ofContent = new ArrayList<>(ofFiles.faults());
        ofContent.addAll(reading.faults());
        faults = sorted(problems.keySet().stream().toList(), ofContent);
        team = faults.stream().allMatch(Fault::isWarning) ? reading.team() : null;
    }

    private static Yaml.Problem number(YamlNode.Scalar scalar, List<String> at, String why) {
        var fault = new Fault("E-YAML-06", why, at, null, "this number", null);
        return new Yaml.Problem(fault, scalar.start(), scalar.end(), null);
    }

    private static Yaml.Problem noObject(@Nullable YamlNode root) {
        var fault =
                new Fault(
                        "E-SHAPE-01",
                        root == null ? "the file is empty" : "a team file is an object",
                        List.of(),
                        null,
                        root == null ? "nothing here" : "something else",
                        "begin with `tutti: 1`");
        int from = root == null ? 0 : root.start();
        return new Yaml.Problem(fault, from, from + 1, null);
    }

    private List<Fault> sorted(List<Fault> ofText, List<Fault> ofContent) {
        var all = new ArrayList<>(ofText);
        for (var fault : ofContent) {
            if (!problems.containsKey(fault) && !isConsequence(fault)) {
                all.add(fault);
            }
        }
        all.sort(
                Comparator.comparing(Fault::isWarning)
                        .thenComparing(fault -> !fault.code().startsWith("E-YAML"))
                        .thenComparingInt(fault -> region(fault).from()));
        return List.copyOf(all);
    }

    /// Whether the fault is about a number that has been refused already, and reads as null.
    private boolean isConsequence(Fault fault) {
        if (places == null || problems.isEmpty()) {
            return false;
        }
        var region = places.of(fault);
        return problems.values().stream()
                .anyMatch(problem ->
                        problem.fault().code().equals("E-YAML-06")
                                && problem.from() == region.from());
    }

    /// Reads a team file.
    ///
    /// @throws TeamFileException when it cannot be read from disk, or is not UTF-8
    public static TeamFile read(Path file) throws TeamFileException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(4 * Yaml.LONGEST + 1);
            var text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
            return new TeamFile(text, file.toString(), file.toAbsolutePath().getParent(), Map.of());
        } catch (CharacterCodingException e) {
            throw new TeamFileException(file + " is not text in UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new TeamFileException("there is no file " + file, e);
        } catch (IOException e) {
            throw new TeamFileException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Reads the text of a team file. Never throws for what the text contains: [#faults] has it
    /// all. Files that it names beside itself are not found.
    ///
    /// @param name of the file, for messages
    public static TeamFile parse(String text, String name) {
        return new TeamFile(text, name, null, Map.of());
    }

    /// The same, where some of these files are known.
    ///
    /// @param files what they say, by the names that team files have for them
    public static TeamFile parse(String text, String name, Map<String, String> files) {
        return new TeamFile(text, name, null, files);
    }

    /// What the files say that it names beside itself, as far as they could be read.
    public Map<String, String> files() {
        return Collections.unmodifiableMap(files);
    }

    /// What team files may say, as JSON Schema.
    public static Value schema() {
        try (var in = Objects.requireNonNull(TeamFile.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return Json.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a team from a document that [#document] gave, or that was put together in Java.
    ///
    /// @throws IllegalArgumentException naming everything wrong with it
    public static Team fromDocument(Value.Struct document) {
        var reading = TeamDocument.read(document);
        var errors = reading.faults().stream().filter(fault -> !fault.isWarning()).toList();
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    "the definition of the team is not sound:"
                            + errors.stream()
                                    .map(fault -> "\n  " + fault)
                                    .collect(Collectors.joining()));
        }
        return reading.team();
    }

    /// A document as it is kept: with the skills that stand for others, so that whoever reads it
    /// finds the same ones without looking for them.
    public static Value.Struct settled(Value.Struct document) {
        return document.get("dispatch") instanceof Value.Struct dispatch
                        && dispatch.get("match") != null
                ? MatchReader.settled(document, TeamDocument.read(document).found())
                : document;
    }

    /// What is wrong with a document that was put together in Java; empty when it is sound.
    public static List<Fault> faultsOf(Value.Struct document) {
        return List.copyOf(TeamDocument.read(document).faults());
    }

    /// The team, when there is nothing worse than warnings.
    public Optional<Team> team() {
        return Optional.ofNullable(team);
    }

    /// Errors, those of YAML itself first since others may follow from them, and then warnings;
    /// each in the order of the file.
    public List<Fault> faults() {
        return faults;
    }

    /// The content of the file, from which the team can be made again. Expressions in it, and so
    /// secrets, are only named.
    public Value.Struct document() {
        return document;
    }

    /// Edits as a unified diff of the file.
    ///
    /// @throws IllegalArgumentException when an edit leads nowhere
    public String patch(List<Edit> edits) {
        if (root == null) {
            throw new IllegalArgumentException("the file is empty");
        }
        return new Patch(source, root).of(edits, name);
    }

    /// Where a fault is.
    public Optional<Place> place(Fault fault) {
        if (places == null && !problems.containsKey(fault)) {
            return Optional.empty();
        }
        var region = region(fault);
        return Optional.of(source.place(region.from(), region.to()));
    }

    /// All faults for people, as a terminal shows them, with a last line that sums up. Empty when
    /// there are none.
    ///
    /// @param width columns of the terminal
    public String render(boolean colour, int width) {
        return render(faults, colour, width);
    }

    /// Some faults for people.
    ///
    /// @param some faults of this file
    public String render(List<Fault> some, boolean colour, int width) {
        if (some.isEmpty()) {
            return "";
        }
        var diagnostics = new Diagnostics(source, name, colour, width);
        var text = new StringBuilder();
        some.stream()
                .limit(MOST_SHOWN)
                .forEach(fault -> text.append(diagnostics.write(item(fault))));
        if (some.size() > MOST_SHOWN) {
            text.append("and ").append(some.size() - MOST_SHOWN).append(" more\n");
        }
        return text.append(diagnostics.sum(some)).toString();
    }

    private Places.Region region(Fault fault) {
        var problem = problems.get(fault);
        if (problem != null) {
            return new Places.Region(problem.from(), problem.to());
        }
        return places == null ? new Places.Region(0, 1) : places.of(fault);
    }

    private Diagnostics.Item item(Fault fault) {
        var region = region(fault);
        var mark = new Diagnostics.Mark(region.from(), region.to(), label(fault));
        return new Diagnostics.Item(fault, mark, second(fault));
    }

    /// The label, with the place of the input that a value comes from.
    private String label(Fault fault) {
        var input = FROM.matcher(fault.label());
        if (places != null
                && input.find()
                && "input".equals(input.group(1))
                && input.group(2) != null) {
            var declared = places.key(path(fault, "input", input.group(2)));
            if (declared != null) {
                var place = source.place(declared.from(), declared.to());
                return fault.label() + " (%s:%d:%d)".formatted(name, place.line(), place.column());
            }
        }
        return fault.label();
    }

    private Diagnostics.@Nullable Mark second(Fault fault) {
        var problem = problems.get(fault);
        if (problem != null) {
            var second = problem.second();
            return second == null
                    ? null
                    : new Diagnostics.Mark(second.from(), second.to(), second.label());
        }
        var help = fault.help();
        if (places == null || help == null || !help.startsWith("write `")) {
            return null;
        }
        var meant = help.substring("write `".length(), help.length() - 1);
        var path =
                switch (fault.code()) {
                    case "E-REF-02" -> path(fault, "tasks", meant);
                    case "E-REF-07" -> List.of("agents", meant);
                    default -> List.<String>of();
                };
        var near = path.isEmpty() ? null : places.key(path);
        var what = fault.code().equals("E-REF-02") ? "a task" : "an agent";
        return near == null
                ? null
                : new Diagnostics.Mark(near.from(), near.to(), what + " with a similar name");
    }

    /// A path within the workflow that the fault is in.
    private static List<String> path(Fault fault, String... keys) {
        if (fault.at().size() < 2) {
            return List.of();
        }
        var path = new ArrayList<>(fault.at().subList(0, 2));
        path.addAll(List.of(keys));
        return path;
    }
}
