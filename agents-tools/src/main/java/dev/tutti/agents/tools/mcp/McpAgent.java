package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.pins.Pins;
import dev.tutti.agents.tools.With;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/// Performs each attempt by one call: the task's input is the arguments, and what the tool gives is
/// the output. No model is involved.
///
/// Settings: `server`, where and how it is reached, and `tool`. A tool that says it could not do it
/// has failed and may be tried again.
final class McpAgent implements AgentExecutor {
    /// Servers at once, where the settings differ from attempt to attempt.
    static final int MOST_SERVERS = 16;

    private final String name;
    private final Path base;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<Value.Struct, McpToolbox> servers = new LinkedHashMap<>();

    private final Pins pins;

    McpAgent(String name, Path base, Pins pins) {
        this.name = name;
        this.base = base;
        this.pins = pins;
    }

    /// What a tool does outside is not known.
    @Override
    public boolean reportsEffects() {
        return false;
    }

    @Override
    public boolean reportsUsage() {
        return true;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        var with = new With("agents." + name + ".with", attempt.settings()).only("server", "tool");
        var tool = with.needed("tool", "the name of one of the server's tools");
        if (!with.has("server")) {
            throw with.wrong("`server` is needed: { command: [npx, -y, some-server] }");
        }
        var server = server(with.within("server"));
        try {
            var taken =
                    attempt.step(
                            new Attempt.Step("tool", tool, attempt.input()),
                            () -> {
                                examine(server, tool, attempt);
                                attempt.spending();
                                var result = server.call(tool, attempt.input(), attempt);
                                if (result.isError()) {
                                    throw new CouldNot(said(result.content()));
                                }
                                return Attempt.Taken.unsaid(result.content());
                            });
            return Outcome.succeeded(taken.result());
        } catch (ToolUnavailable e) {
            return Outcome.failed(
                    new Failure.Transient("tool_unavailable", String.valueOf(e.getMessage())));
        } catch (NotAgreed e) {
            return Outcome.failed(
                    new Failure.Permanent("tool_changed", String.valueOf(e.getMessage())));
        } catch (CouldNot e) {
            return Outcome.failed(
                    new Failure.Transient("tool_error", String.valueOf(e.getMessage())));
        }
    }

    /// Asks a person where the tool says something else of itself than when it was first used. A
    /// call on record is not asked about: it was made.
    private void examine(McpToolbox server, String tool, Attempt attempt) throws Exception {
        var box = new Pins.Box(name, "mcp");
        for (var one : server.tools()) {
            var now = one.description();
            var then = now.name().equals(tool) ? pins.changed(box, now) : null;
            if (then != null && !pins.agreed(box, now, then, attempt)) {
                throw new NotAgreed(
                        "the tool `"
                                + tool
                                + "` says something else of itself than when it was first used,"
                                + " and a person did not agree to it");
            }
        }
    }

    private static String said(Value content) {
        return content instanceof Value.Struct struct
                        && struct.get("text") instanceof Value.Text(var text)
                ? text
                : With.plain(content).orElse("the tool could not do it, and did not say why");
    }

    /// Thrown so that the step is not on record: the next attempt calls again.
    private static final class CouldNot extends Exception {
        private static final long serialVersionUID = 1L;

        CouldNot(String why) {
            super(why);
        }
    }

    /// A person would not have the tool as it is now.
    private static final class NotAgreed extends Exception {
        private static final long serialVersionUID = 1L;

        NotAgreed(String why) {
            super(why);
        }
    }

    private McpToolbox server(With with) throws InterruptedException {
        var settings = ServerSettings.read(name, with, base);
        var left = new ArrayList<McpToolbox>();
        lock.lockInterruptibly();
        try {
            var there = servers.remove(with.fields());
            if (there == null) {
                there = new McpToolbox(settings, ToolRequests.REFUSED);
                left.addAll(makeRoom());
            }
            servers.putLast(with.fields(), there);
            return there;
        } finally {
            lock.unlock();
            left.forEach(McpToolbox::close);
        }
    }

    /// Servers that have been idle for longest make room for others.
    private List<McpToolbox> makeRoom() {
        var left = new ArrayList<McpToolbox>();
        var each = servers.values().iterator();
        while (each.hasNext() && servers.size() >= MOST_SERVERS) {
            var one = each.next();
            if (one.isIdle()) {
                left.add(one);
                each.remove();
            }
        }
        return left;
    }

    @Override
    public void close() {
        var all = new ArrayList<McpToolbox>();
        lock.lock();
        try {
            all.addAll(servers.values());
            servers.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(McpToolbox::close);
    }
}
