package dev.tutti.agents.tools.sql;

import dev.tutti.agents.tools.With;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.Toolbox;
import java.util.List;

/// Opens a database as tools (`uses: sql`).
public final class SqlTools implements ToolProvider {

    @Override
    public List<String> uses() {
        return List.of("sql");
    }

    @Override
    public Toolbox open(Settings settings) {
        var with = new With("tools." + settings.name() + ".with", settings.with());
        return new SqlToolbox(with, settings.base());
    }
}
