package dev.tutti.simulation;

import dev.tutti.Team;
import dev.tutti.Tutti;
import java.nio.file.Path;
import java.util.Map;

/// A process that submits runs to a store and owns it, until it is told to stop or is killed.
final class Shell {
    private Shell() {}

    /// Arguments: the store's folder, the team file, and the workflows to begin. The ids of their
    /// runs are printed, a line each; any line on standard input stops the process cleanly.
    public static void main(String[] arguments) throws Exception {
        try (var tutti = Tutti.open(Path.of(arguments[0]))) {
            var team = Team.read(Path.of(arguments[1]));
            for (int i = 2; i < arguments.length; i++) {
                System.out.println(tutti.submit(team.goal(arguments[i], Map.of())).id());
            }
            System.in.read();
        }
    }
}
