package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tools of one server. It is greeted when it is first needed, and again when it had gone.
final class McpToolbox implements Toolbox {
    static final int MOST_TOOLS = 1_000;

    /// Characters that describe one tool, its schema included.
    static final int LONGEST_DESCRIPTION = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(McpToolbox.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final ServerSettings settings;
    private final ToolRequests requests;
    private final Semaphore places;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private List<Tool> listed = List.of();
    private boolean closed;

    McpToolbox(ServerSettings settings, ToolRequests requests) {
        this.settings = settings;
        this.requests = requests;
        this.places = new Semaphore(settings.calls());
    }

    @Override
    public List<Tool> tools() throws ToolUnavailable, InterruptedException {
        var open = session();
        lock.lockInterruptibly();
        try {
            if (open.takeChanged()) {
                listed = List.of();
                boolean done = false;
                try {
                    listed = read(open);
                    done = true;
                } finally {
                    if (!done) {
                        open.markChanged();
                    }
                }
            }
            return listed;
        } finally {
            lock.unlock();
        }
    }

    private List<Tool> read(Session open) throws ToolUnavailable, InterruptedException {
        var tools = new LinkedHashMap<String, Tool>();
        for (var tool : open.list(MOST_TOOLS)) {
            var description = description(tool);
            if (!NAME.matcher(tool.name()).matches()) {
                LOG.warn(
                        "{}: a tool is left out, no name for one: {}",
                        settings.name(),
                        Json.text(Value.text(tool.name())));
            } else if (length(description) > LONGEST_DESCRIPTION) {
                LOG.warn(
                        "{}: `{}` is left out, its description is too long",
                        settings.name(),
                        tool.name());
            } else if (tools.putIfAbsent(tool.name(), new Remote(description)) != null) {
                LOG.warn("{}: a second `{}` is left out", settings.name(), tool.name());
            }
        }
        return List.copyOf(tools.values());
    }

    private static Tool.Description description(McpSchema.Tool tool) {
        var hints = tool.annotations();
        boolean readOnly = hints != null && Boolean.TRUE.equals(hints.readOnlyHint());
        var text = tool.description() != null ? tool.description() : tool.title();
        return new Tool.Description(
                tool.name(), text == null ? "" : text, Plain.struct(tool.inputSchema()), readOnly);
    }

    private static int length(Tool.Description description) {
        return description.text().length() + Json.bytes(description.input()).length;
    }

    /// Calls a tool by its name, listed or not.
    Tool.Result call(String tool, Value.Struct arguments, Attempt attempt) throws Exception {
        if (!places.tryAcquire(settings.longest().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ToolUnavailable(
                    "`"
                            + settings.name()
                            + "` is busy: "
                            + settings.calls()
                            + " calls are at work");
        }
        try {
            return session().call(tool, arguments, attempt);
        } finally {
            places.release();
        }
    }

    private Session session() throws ToolUnavailable, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new ToolUnavailable("the toolbox `" + settings.name() + "` was closed");
            }
            var there = session;
            if (there != null && there.isOpen()) {
                return there;
            }
            if (there != null) {
                session = null;
                there.close();
            }
            var opened = Session.open(settings, requests);
            session = opened;
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nobody calls anything at the moment.
    boolean isIdle() {
        return places.availablePermits() == settings.calls();
    }

    @Override
    public void close() {
        var open = new ArrayList<Session>();
        lock.lock();
        try {
            closed = true;
            if (session != null) {
                open.add(session);
            }
        } finally {
            lock.unlock();
        }
        open.forEach(Session::close);
    }

    /// A tool of the server, in whichever session.
    private final class Remote implements Tool {
        private final Description description;

        private Remote(Description description) {
            this.description = description;
        }

        @Override
        public Description description() {
            return description;
        }

        @Override
        public Result call(Value.Struct arguments, Attempt attempt) throws Exception {
            return McpToolbox.this.call(description.name(), arguments, attempt);
        }
    }
}
