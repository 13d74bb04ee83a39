package dev.tutti.runtime.agent;

import dev.tutti.core.event.Agent;
import java.nio.file.Path;

/// What a provider is told of the agent it makes an executor for.
///
/// @param agent its profile
/// @param uses the name asked for
/// @param store the folder of the store, where an executor may keep what it can rebuild, in a
///   folder of its own
/// @param base the folder that relative paths in the settings start from: that of the team file
public record AgentSettings(Agent agent, String uses, Path store, Path base) {}
