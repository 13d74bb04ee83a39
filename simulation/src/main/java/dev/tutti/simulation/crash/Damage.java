package dev.tutti.simulation.crash;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.examination.Examination;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Damages a copy of a store, one thing at a time: a bit, a page, the end of a file; in the
/// database, the write-ahead log or an artifact. Whatever a reader is told then must be what it was
/// told before, or an error, or at least something that the examination of the store finds.
public final class Damage {
    private static final int PAGE = 4096;
    private static final int MOST = 1_000;

    private final Path folder;
    private final Path closed;
    private final Path crashed;
    private final String closedAnswers;
    private final String crashedAnswers;
    private final List<byte[]> bodies = new ArrayList<>();
    private final TreeMap<String, Integer> tried = new TreeMap<>();
    private final TreeMap<Verdict, Integer> verdicts = new TreeMap<>();
    private final List<String> silent = new ArrayList<>();

    /// What came of one damage.
    public enum Verdict {
        /// Everything is read as before: the damage is where nothing is.
        HARMLESS,
        /// Everything is read as before, and the examination finds the damage.
        FOUND_THOUGH_HARMLESS,
        /// A reader was refused.
        REFUSED,
        /// A reader was told something else, and the examination finds the damage.
        FOUND,
        /// A reader was told something else, and nobody knows.
        SILENT
    }

    /// What a number of damages came to.
    ///
    /// @param tried how often what was done
    /// @param verdicts how often what came of it
    /// @param silent those that nobody would have noticed
    public record Report(
            TreeMap<String, Integer> tried,
            TreeMap<Verdict, Integer> verdicts,
            List<String> silent) {

        public int count(Verdict verdict) {
            return verdicts.getOrDefault(verdict, 0);
        }
    }

    private Damage(Path folder) throws IOException {
        this.folder = folder;
        closed = folder.resolve("closed");
        crashed = folder.resolve("crashed");
        make();
        closedAnswers = answers(copy(closed));
        crashedAnswers = answers(copy(crashed));
    }

    /// One store twice: as a process leaves it that ends, and as one leaves it that is killed.
    private void make() throws IOException {
        Files.createDirectories(closed);
        var artifacts = Worker.artifacts(closed);
        try (var journal = SqliteJournal.open(Worker.database(closed), artifacts)) {
            SmallWork.perform(journal, artifacts, SmallWork.NOON, _ -> {});
            var waiting = new StreamId(TenantId.LOCAL, "run/WAITING");
            var payload = SmallWork.start("inner").payload();
            journal.post(new Message("w-1", waiting, "start", "ana", SmallWork.NOON, payload));
            for (var entry : journal.follow(0, MOST)) {
                if (entry.event().payload().length <= SqliteJournal.INLINE) {
                    bodies.add(entry.event().payload());
                }
            }
            bodies.add(payload);
            bodies.add(SmallWork.start("inner").team().body());
            Stores.copy(closed, crashed);
        }
    }

    /// Damages a store once for each seed from `first` on: half of them anywhere, half in the body
    /// of something that is kept.
    public static Report run(Path folder, long first, int seeds) throws IOException {
        var damage = new Damage(folder);
        for (long seed = first; seed < first + seeds; seed++) {
            damage.anywhere(seed);
            damage.inABody(seed);
        }
        return new Report(damage.tried, damage.verdicts, List.copyOf(damage.silent));
    }

    private void anywhere(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        boolean afterCrash = random.nextBoolean();
        var store = copy(afterCrash ? crashed : closed);
        var kinds =
                afterCrash
                        ? List.of("database", "log", "artifact")
                        : List.of("database", "artifact");
        var chosen = kinds.get(random.nextInt(kinds.size()));
        var files = files(store).stream().filter(one -> kind(store, one).equals(chosen)).toList();
        var file = files.get(random.nextInt(files.size()));
        var what = damage(file, random);
        var name = kind(store, file) + " " + what;
        judge(store, name, seed, afterCrash ? crashedAnswers : closedAnswers, false);
    }

    /// Flips a bit in the body of an event, a message, a definition or an artifact, wherever the
    /// file has that body: there may be stale copies.
    private void inABody(long seed) throws IOException {
        var random = new SplittableRandom(~seed);
        var store = copy(closed);
        var artifacts =
                files(store).stream().filter(file -> kind(store, file).equals("artifact")).toList();
        int chosen = random.nextInt(bodies.size() + artifacts.size());
        if (chosen < bodies.size()) {
            var body = bodies.get(chosen);
            if (body.length == 0 || !flip(Worker.database(store), body, random)) {
                Stores.delete(store);
                return;
            }
            judge(store, "body flip", seed, closedAnswers, true);
        } else {
            damage(artifacts.get(chosen - bodies.size()), random, 0);
            judge(store, "artifact body flip", seed, closedAnswers, true);
        }
    }

    private void judge(Path store, String name, long seed, String before, boolean body)
            throws IOException {
        tried.merge(name, 1, Integer::sum);
        var verdict = verdict(store, before);
        verdicts.merge(verdict, 1, Integer::sum);
        if (verdict == Verdict.SILENT || (body && verdict == Verdict.HARMLESS)) {
            silent.add("seed " + seed + ": " + name + " is " + verdict);
        }
        Stores.delete(store);
    }

    private static Verdict verdict(Path store, String before) throws IOException {
        var fresh = store.resolveSibling(store.getFileName() + "-read");
        Stores.copy(store, fresh);
        String answers;
        try {
            answers = answers(fresh);
        } catch (JournalException | ArtifactException _) {
            return Verdict.REFUSED;
        } finally {
            Stores.delete(fresh);
        }
        var artifacts = Worker.artifacts(store);
        boolean found = !Examination.of(Worker.database(store), artifacts).findings().isEmpty();
        boolean same = answers.equals(before);
        if (same) {
            return found ? Verdict.FOUND_THOUGH_HARMLESS : Verdict.HARMLESS;
        }
        return found ? Verdict.FOUND : Verdict.SILENT;
    }

    // ---- what readers are told

    /// All that a store says to whoever asks: in one text.
    private static String answers(Path store) {
        var artifacts = Worker.artifacts(store);
        var text = new StringBuilder();
        try (var reader = SqliteJournal.reader(Worker.database(store), artifacts)) {
            for (var summary : RunList.newest(reader, TenantId.LOCAL, MOST)) {
                text.append(summary).append('\n');
                run(reader, StreamId.run(TenantId.LOCAL, summary.run()), text);
            }
            for (var entry : reader.follow(0, MOST)) {
                var event = entry.event();
                text.append(entry.position())
                        .append(entry.stream())
                        .append(entry.epoch())
                        .append(event.type())
                        .append(event.at())
                        .append(event.actor())
                        .append(event.cause())
                        .append(Sha256.hex(event.payload()))
                        .append(HexFormat.of().formatHex(entry.hash()))
                        .append('\n');
                if (Runs.event(entry) instanceof dev.tutti.core.event.Event.ArtifactStored stored) {
                    text.append(artifacts.get(stored.hash()).map(Sha256::hex).orElse("missing"));
                }
            }
            for (var message : reader.messages(MOST)) {
                text.append(message.id())
                        .append(message.to())
                        .append(message.kind())
                        .append(message.actor())
                        .append(message.at())
                        .append(new String(message.payload(), StandardCharsets.UTF_8));
            }
            reader.due(MOST).forEach(text::append);
        }
        return text.toString();
    }

    private static void run(JournalReader reader, StreamId run, StringBuilder text) {
        var state = Runs.load(reader, run).state();
        if (!state.started()) {
            text.append("no such run");
            return;
        }
        text.append(Digest.of(state));
        reader.definition(state.asked().team())
                .ifPresentOrElse(
                        definition -> text.append(Sha256.hex(definition.body())),
                        () -> text.append("no definition"));
    }

    // ---- damage

    private static String damage(Path file, SplittableRandom random) throws IOException {
        return damage(file, random, random.nextInt(3));
    }

    private static String damage(Path file, SplittableRandom random, int kind) throws IOException {
        var bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        return switch (kind) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                yield "flip";
            }
            case 1 -> {
                Files.write(file, Arrays.copyOf(bytes, at));
                yield "truncated";
            }
            default -> {
                int pages = Math.max(1, bytes.length / PAGE);
                int from = random.nextInt(pages) * PAGE;
                int to = random.nextInt(pages) * PAGE;
                int length = Math.min(PAGE, bytes.length - Math.max(from, to));
                System.arraycopy(bytes, from, bytes, to, length);
                Files.write(file, bytes);
                yield "page twice";
            }
        };
    }

    private static boolean flip(Path file, byte[] body, SplittableRandom random)
            throws IOException {
        var bytes = Files.readAllBytes(file);
        int within = random.nextInt(body.length);
        int bit = 1 << random.nextInt(8);
        boolean found = false;
        for (int at = 0; at + body.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + body.length, body, 0, body.length)) {
                bytes[at + within] ^= (byte) bit;
                found = true;
                at += body.length - 1;
            }
        }
        Files.write(file, bytes);
        return found;
    }

    // ---- files

    private static String kind(Path store, Path file) {
        var name = store.relativize(file).toString();
        return name.startsWith("artifacts")
                ? "artifact"
                : file.equals(Worker.database(store)) ? "database" : "log";
    }

    /// What may be damaged: all but the mark, whose loss is no loss, and the index of the log,
    /// which is made anew.
    private static List<Path> files(Path store) throws IOException {
        try (var files = Files.walk(store)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith("-mark"))
                    .sorted()
                    .toList();
        }
    }

    private Path copy(Path store) throws IOException {
        var copy = folder.resolve("copy" + tried.values().stream().mapToInt(n -> n).sum());
        Stores.delete(copy);
        Stores.copy(store, copy);
        return copy;
    }
}
