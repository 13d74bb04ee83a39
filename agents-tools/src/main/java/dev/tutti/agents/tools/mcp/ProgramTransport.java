package dev.tutti.agents.tools.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// Messages to and from a program, one a line on its standard input and output.
///
/// The library's own transport stops listening at the first line that is no message, waits for the
/// full time-out when the program ends, ends nothing that the program began, and keeps the process
/// of ours alive by its threads; so there is this one. Its threads are no virtual ones: those would
/// keep their carriers while they wait for a pipe.
final class ProgramTransport implements McpClientTransport {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramTransport.class);

    /// Messages that wait to be written. A server that does not read is not worth more.
    private static final int MOST_WAITING = 1_000;

    private final ServerProcess process;
    private final McpJsonMapper mapper;
    private final Consumer<String> ended;
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean closed;

    /// @param ended told once when no more messages will come, and why
    ProgramTransport(ServerProcess process, McpJsonMapper mapper, Consumer<String> ended) {
        this.process = process;
        this.mapper = mapper;
        this.ended = ended;
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2024_11_05,
                ProtocolVersions.MCP_2025_03_26,
                ProtocolVersions.MCP_2025_06_18,
                ProtocolVersions.MCP_2025_11_25);
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            var threads = Thread.ofPlatform().daemon();
            threads.name("mcp-input " + process.pid()).start(this::write);
            threads.name("mcp-output " + process.pid()).start(() -> read(handler));
        });
    }

    private void read(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        String why = null;
        try {
            for (var line = process.line(); line != null; line = process.line()) {
                if (!line.isBlank()) {
                    receive(line, handler);
                }
            }
        } catch (IOException e) {
            why = e.getMessage();
            process.kill();
        }
        if (!closed) {
            ended.accept(why == null ? process.obituary() : why);
        }
    }

    /// What is no message is a program's idle talk, which some have.
    private void receive(
            String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try {
            var message = McpSchema.deserializeJsonRpcMessage(mapper, line);
            handler.apply(Mono.just(message)).subscribe(_ -> {}, e -> LOG.debug("unhandled", e));
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} wrote what is no message: {}", process.pid(), e.getMessage());
        }
    }

    private void write() {
        try {
            for (var line = waiting.take(); !closed; line = waiting.take()) {
                process.write(line);
            }
        } catch (IOException e) {
            LOG.debug("{} takes no more messages", process.pid(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            if (closed || !offer(message)) {
                throw new IllegalStateException("the server takes no more messages");
            }
        });
    }

    private boolean offer(JSONRPCMessage message) {
        try {
            return waiting.offer(mapper.writeValueAsString(message));
        } catch (IOException e) {
            throw new IllegalArgumentException("a message cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return mapper.convertValue(data, type);
    }

    /// Lets whoever writes notice, and ends the program.
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::close);
    }

    @Override
    public void close() {
        closed = true;
        waiting.clear();
        waiting.add("");
        process.close();
    }
}
