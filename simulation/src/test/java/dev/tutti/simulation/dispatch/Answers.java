package dev.tutti.simulation.dispatch;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.evidence.HashedWords;
import dev.tutti.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/// What nine models answered to some three thousand questions, and how good each answer was
/// (LLMRouter, the half that is at hand), with what each question is about: the vector of its first
/// 400 characters by the model all-MiniLM-L6-v2, in bytes. The vectors are kept with the tests,
/// since to compute them takes minutes.
///
/// @param models by name
/// @param usd what an answer costs, by model: its price for a thousand tokens
record Answers(List<String> models, double[] usd, List<Question> questions) {
    /// Directions of a vector.
    static final int SIZE = 384;

    /// A question.
    ///
    /// @param family what the collection files it under
    /// @param scores from 0 to 1, by model
    /// @param words what it is about by its words alone
    record Question(String family, double[] scores, Content content, Content words) {}

    /// The same where only the words of a question say what it is about.
    Answers byWords() {
        return new Answers(
                models,
                usd,
                questions.stream()
                        .map(one ->
                                new Question(one.family(), one.scores(), one.words(), one.words()))
                        .toList());
    }

    static Optional<Answers> read() throws IOException {
        var data = Path.of(System.getProperty("shared", "../../shared")).resolve("data/routing");
        var file = data.resolve("llmrouter-train-half.jsonl.gz");
        if (!Files.exists(file)) {
            System.err.println("SKIPPED: answers of models are not at " + file.toAbsolutePath());
            return Optional.empty();
        }
        var vectors = vectors();
        var questions = new ArrayList<Question>();
        List<String> models = List.of();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var struct = (Value.Struct) Json.parse(line);
                var scores = (Value.Struct) Objects.requireNonNull(struct.get("scores"));
                models =
                        models.isEmpty()
                                ? List.copyOf(new TreeSet<>(scores.fields().keySet()))
                                : models;
                questions.add(
                        new Question(
                                struct.text("task"),
                                models.stream()
                                        .mapToDouble(model -> number(scores.get(model)))
                                        .toArray(),
                                content(vectors, questions.size()),
                                HashedWords.of(Value.text(struct.text("question")))));
            }
        }
        return Optional.of(new Answers(models, prices(data, models), questions));
    }

    private static double[] prices(Path data, List<String> models) throws IOException {
        var candidates =
                (Value.Struct)
                        Json.parse(Files.readString(data.resolve("llmrouter-candidates.json")));
        return models.stream()
                .mapToDouble(model -> {
                    var one = (Value.Struct) Objects.requireNonNull(candidates.get(model));
                    return number(one.get("output_price")) / 1_000;
                })
                .toArray();
    }

    private static double number(@org.jspecify.annotations.Nullable Value value) {
        return switch (value) {
            case Value.Int(var whole) -> whole;
            case Value.Real(var real) -> real;
            case null, default -> throw new IllegalArgumentException("no number: " + value);
        };
    }

    private static byte[] vectors() throws IOException {
        try (var in = Answers.class.getResourceAsStream("answers-contents.bin")) {
            if (in == null) {
                throw new IOException("answers-contents.bin is missing");
            }
            return in.readAllBytes();
        }
    }

    private static Content content(byte[] vectors, int question) {
        var vector = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            vector[i] = vectors[question * SIZE + i];
        }
        return Content.of(vector);
    }

    /// The questions in an order by chance.
    List<Question> shuffled(long seed) {
        var dice = new SplittableRandom(seed);
        var order = new ArrayList<>(questions);
        for (int i = order.size() - 1; i > 0; i--) {
            int j = dice.nextInt(i + 1);
            order.set(i, order.set(j, order.get(i)));
        }
        return order;
    }
}
