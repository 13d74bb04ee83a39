package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.teamfile.TeamFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// `FILE[#WORKFLOW]` as it was written on the command line.
///
/// @param named as it was written
/// @param workflow the name behind the `#`, or empty
record TeamSource(String named, Path file, String workflow) {

    static TeamSource of(String given, Path directory) {
        int hash = given.lastIndexOf('#');
        if (hash < 0 || Files.exists(file(given, directory))) {
            return checked(new TeamSource(given, file(given, directory), ""));
        }
        var file = given.substring(0, hash);
        return checked(new TeamSource(file, file(file, directory), given.substring(hash + 1)));
    }

    /// Relative where it was written so, since messages name it.
    private static Path file(String given, Path directory) {
        try {
            return directory.equals(Path.of("").toAbsolutePath())
                    ? Path.of(given)
                    : directory.resolve(given);
        } catch (InvalidPathException e) {
            throw new Refusal("`" + given + "` is not a path: " + e.getReason());
        }
    }

    private static TeamSource checked(TeamSource source) {
        if (Files.isDirectory(source.file)) {
            throw new Refusal(
                    "`"
                            + source.named
                            + "` is a folder; name a team file, such as "
                            + Path.of(source.named).resolve("team.yaml"));
        }
        if (!Files.exists(source.file)) {
            throw new Refusal(
                    "there is no file `"
                            + source.named
                            + "`; `tutti init` writes one to begin with");
        }
        return source;
    }

    TeamFile read() {
        return TeamFile.read(file);
    }

    Team team(TeamFile parsed) {
        return Team.of(parsed, file);
    }

    /// The folder that paths in the file start from.
    Path base() {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    /// The workflow that is meant: the one named, or the only one.
    Workflow choose(dev.tutti.core.goal.Team team) {
        if (workflow.isEmpty() && team.written().size() == 1) {
            return team.written().getFirst();
        }
        var choices =
                team.written().stream()
                        .map(one -> named + "#" + one.name())
                        .collect(Collectors.joining(", "));
        if (workflow.isEmpty()) {
            throw new Refusal(
                    team.written().isEmpty()
                            ? "`" + named + "` has no workflow"
                            : "`" + named + "` has several workflows; write one of " + choices);
        }
        return team.workflow(workflow)
                .orElseThrow(() ->
                        new Refusal(
                                "`"
                                        + named
                                        + "` has no workflow `"
                                        + workflow
                                        + "`; write one of "
                                        + choices));
    }
}
