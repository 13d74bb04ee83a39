package dev.tutti.server.api;

import dev.tutti.Refusal;
import dev.tutti.Team;
import dev.tutti.server.http.Problem;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The team whose workflows can be begun over HTTP. Its file is read again when it has changed, so
/// that an edit counts from the next run on.
public final class ServedTeam {
    private static final int LONGEST = 4 << 20;

    private final @Nullable Path file;
    private @Nullable Read last;

    /// A team as it was read.
    ///
    /// @param files what the files say that it names beside itself
    record Read(
            FileTime at, Team team, dev.tutti.core.goal.Team members, Map<String, String> files) {}

    /// @param file of the team, or null when nothing can be begun here
    public ServedTeam(@Nullable Path file) {
        this.file = file;
    }

    /// Its name for people.
    Optional<String> name() {
        return Optional.ofNullable(file).map(path -> String.valueOf(path.getFileName()));
    }

    private static TeamFile sound(TeamFile parsed) {
        if (parsed.team().isEmpty()) {
            throw new Refusal("it is not sound:", parsed.faults());
        }
        return parsed;
    }

    /// What the files say that it names beside itself; nothing while it is not sound.
    Map<String, String> files() {
        try {
            return read().map(Read::files).orElse(Map.of());
        } catch (Problem _) {
            return Map.of();
        }
    }

    /// What its file says, sound or not.
    ///
    /// @throws Problem `no_team` when none is served
    String text() {
        if (file == null) {
            throw noTeam();
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Problem(
                    409, "unsound_team", "the team file cannot be read: " + e.getMessage());
        }
    }

    private static Problem noTeam() {
        return new Problem(
                409,
                "no_team",
                "nothing can be begun here: `tutti serve TEAM` names the team file");
    }

    /// The team.
    ///
    /// @throws Problem `no_team` when none is served
    Read required() {
        return read().orElseThrow(ServedTeam::noTeam);
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
                var parsed = TeamFile.read(file);
                var team = Team.of(sound(parsed), file);
                var members = TeamFile.fromDocument(team.document());
                last = new Read(at, team, members, parsed.files());
            }
            return Optional.of(last);
        } catch (IOException | Refusal e) {
            throw new Problem(
                    409, "unsound_team", "the team file cannot be used: " + e.getMessage());
        }
    }
}
