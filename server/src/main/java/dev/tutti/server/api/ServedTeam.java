package dev.tutti.server.api;

import dev.tutti.Refusal;
import dev.tutti.Team;
import dev.tutti.server.http.Problem;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The team whose workflows can be begun over HTTP. Its file is read again when it has changed, so
/// that an edit counts from the next run on.
public final class ServedTeam {
    private final @Nullable Path file;
    private @Nullable Read last;

    /// A team as it was read.
    record Read(FileTime at, Team team, dev.tutti.core.goal.Team members) {}

    /// @param file of the team, or null when nothing can be begun here
    public ServedTeam(@Nullable Path file) {
        this.file = file;
    }

    /// Its name for people.
    Optional<String> name() {
        return Optional.ofNullable(file).map(path -> String.valueOf(path.getFileName()));
    }

    /// The team.
    ///
    /// @throws Problem `no_team` when none is served
    Read required() {
        return read().orElseThrow(() ->
                new Problem(
                        409,
                        "no_team",
                        "nothing can be begun here: `tutti serve TEAM` names the team file"));
    }

    /// The team, if one is served.
    ///
    /// @throws Problem `unsound_team` when its file is not sound at the moment
    synchronized Optional<Read> read() {
        if (file == null) {
            return Optional.empty();
        }
        try {
            var at = Files.getLastModifiedTime(file);
            if (last == null || !last.at().equals(at)) {
                var team = Team.read(file);
                last = new Read(at, team, TeamFile.fromDocument(team.document()));
            }
            return Optional.of(last);
        } catch (IOException | Refusal e) {
            throw new Problem(
                    409, "unsound_team", "the team file cannot be used: " + e.getMessage());
        }
    }
}
