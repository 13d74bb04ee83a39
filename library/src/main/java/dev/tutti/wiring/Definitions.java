package dev.tutti.wiring;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.Amendments;
import dev.tutti.teamfile.TeamFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Teams as the journal keeps them: the team file's document, and the folder that its relative
/// paths start from.
public final class Definitions implements TeamReader {
    private static final String TEAM = "team";
    private static final String BASE = "base";

    private final Map<String, Path> bases = new ConcurrentHashMap<>();

    /// A team as it is kept.
    ///
    /// @param base the folder of the team file
    public static Definition of(Value.Struct document, Path base) {
        return Request.definition(
                Value.struct(
                        TEAM,
                        TeamFile.settled(document),
                        BASE,
                        Value.text(base.toAbsolutePath().normalize().toString())));
    }

    @Override
    public Team read(byte[] definition) {
        if (Json.parse(definition) instanceof Value.Struct whole
                && whole.get(TEAM) instanceof Value.Struct document
                && whole.get(BASE) instanceof Value.Text(var base)) {
            bases.put(Sha256.hex(definition), Path.of(base));
            return TeamFile.fromDocument(document);
        }
        throw new IllegalArgumentException("not the definition of a team");
    }

    @Override
    public Amendment amendment(
            Value proposal,
            Team team,
            String workflow,
            List<String> plan,
            int base,
            String author) {
        return Amendments.read(proposal, team, workflow, plan, base, author);
    }

    /// The folder that a team's relative paths start from.
    Path base(String team) {
        return bases.getOrDefault(team, Path.of("").toAbsolutePath());
    }
}
