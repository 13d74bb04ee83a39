package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.tools.With;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.Toolbox;
import java.util.List;

/// Opens the tools of a server that speaks the Model Context Protocol (`uses: mcp`).
public final class McpTools implements ToolProvider {

    @Override
    public List<String> uses() {
        return List.of("mcp");
    }

    @Override
    public Toolbox open(Settings settings) {
        return open(settings, ToolRequests.REFUSED);
    }

    @Override
    public Toolbox open(Settings settings, ToolRequests requests) {
        var with = new With("tools." + settings.name() + ".with", settings.with());
        return new McpToolbox(
                ServerSettings.read(settings.name(), with, settings.base()), requests);
    }
}
