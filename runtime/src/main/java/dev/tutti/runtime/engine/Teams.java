package dev.tutti.runtime.engine;

import dev.tutti.core.goal.Team;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import java.util.LinkedHashMap;
import java.util.Map;

/// The teams of the runs in memory, by the hash of their definition; the least used are dropped.
final class Teams {
    private static final int MOST = 100;

    private final JournalReader journal;
    private final TeamReader reader;
    private final Map<String, Team> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Team> eldest) {
                    return size() > MOST;
                }
            };

    Teams(JournalReader journal, TeamReader reader) {
        this.journal = journal;
        this.reader = reader;
    }

    /// @throws IllegalArgumentException when the definition is not a team
    Team read(Definition definition) {
        var team = known.get(definition.hash());
        if (team == null) {
            team = reader.read(definition.body());
            known.put(definition.hash(), team);
        }
        return team;
    }

    /// The team of a run in the journal.
    ///
    /// @throws JournalException when the journal does not have its definition
    Team get(String hash) {
        var team = known.get(hash);
        return team != null
                ? team
                : read(
                        journal.definition(hash)
                                .orElseThrow(() ->
                                        new JournalException(
                                                "corrupt",
                                                "the definition " + hash + " of a team is missing",
                                                null)));
    }
}
