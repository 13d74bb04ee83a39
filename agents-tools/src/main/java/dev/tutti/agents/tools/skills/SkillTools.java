package dev.tutti.agents.tools.skills;

import dev.tutti.agents.tools.With;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.Toolbox;
import java.util.List;

/// Opens folders of skills as tools (`uses: skills`).
public final class SkillTools implements ToolProvider {

    @Override
    public List<String> uses() {
        return List.of("skills");
    }

    @Override
    public Toolbox open(Settings settings) {
        var with = new With("tools." + settings.name() + ".with", settings.with()).only("folders");
        return new SkillToolbox(with, settings.base());
    }
}
