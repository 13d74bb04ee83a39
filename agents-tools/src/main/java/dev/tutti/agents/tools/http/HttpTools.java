package dev.tutti.agents.tools.http;

import dev.tutti.agents.tools.With;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.Toolbox;
import java.util.List;

/// Opens the operations of an HTTP service as tools (`uses: http`).
public final class HttpTools implements ToolProvider {

    @Override
    public List<String> uses() {
        return List.of("http");
    }

    @Override
    public Toolbox open(Settings settings) {
        var with = new With("tools." + settings.name() + ".with", settings.with());
        return new HttpToolbox(with, settings.base());
    }
}
