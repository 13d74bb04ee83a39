package dev.tutti.server.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// A plan whose lines cross one another, so that a layout has work to do.
final class Tangle {
    private static final int ABREAST = 20;

    private Tangle() {}

    /// The file of a team whose workflow `tangle` has so many tasks.
    static Path of(int tasks, Path folder) throws IOException {
        var random = new Random(3);
        var text =
                new StringBuilder(
                        """
                        tutti: 1
                        agents:
                          hand: { skills: [do], uses: simulated, with: { output: {} } }
                        workflows:
                          tangle:
                            tasks:
                        """);
        for (int i = 0; i < tasks; i++) {
            int layer = i / ABREAST;
            text.append("      t").append(i).append(": { skill: do, input: {}");
            if (layer > 0) {
                int first = (layer - 1) * ABREAST;
                text.append(", after: [t")
                        .append(first + random.nextInt(ABREAST / 2))
                        .append(", t")
                        .append(first + ABREAST / 2 + random.nextInt(ABREAST / 2))
                        .append(']');
            }
            text.append(" }\n");
        }
        text.append("    output: {}\n");
        return Files.writeString(folder.resolve("tangle.yaml"), text);
    }
}
