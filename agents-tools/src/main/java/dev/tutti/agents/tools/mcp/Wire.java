package dev.tutti.agents.tools.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// Sees every message on its way, for what the library of the protocol does not do: it tells nobody
/// which request a call became, so that it could be cancelled; it refuses a whole list because of
/// one tool that is not well-formed; and it says of a request that is not granted only that it does
/// not know it.
final class Wire implements McpClientTransport {
    /// The code that language servers use for what was cancelled; the protocol has none.
    private static final int CANCELLED = -32_800;

    private static final int MOST_CANCELLED = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final String CANCEL = "notifications/cancelled";

    private final McpClientTransport transport;
    private final Runnable toolsChanged;
    private final Consumer<Throwable> broke;
    private final Map<String, String> refusals;
    private final Map<Object, Object> requests = new ConcurrentHashMap<>();
    private final Set<Object> lists = ConcurrentHashMap.newKeySet();
    private final Set<Object> cancelled = new LinkedHashSet<>();
    private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = Wire::nobody;

    /// @param toolsChanged told when the server offers other tools than before
    /// @param broke told of what went wrong on the way
    /// @param refusals what is answered to requests that are not granted, by method
    Wire(
            McpClientTransport transport,
            Runnable toolsChanged,
            Consumer<Throwable> broke,
            Map<String, String> refusals) {
        this.transport = transport;
        this.toolsChanged = toolsChanged;
        this.broke = broke;
        this.refusals = refusals;
    }

    private static Mono<JSONRPCMessage> nobody(Mono<JSONRPCMessage> message) {
        return message;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> inner) {
        handler = inner;
        return transport.connect(message -> message.flatMap(one -> receive(one, inner)));
    }

    private Mono<JSONRPCMessage> receive(
            JSONRPCMessage message, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> inner) {
        return switch (message) {
            case JSONRPCNotification(_, var method, _)
                    when method.equals(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED) -> {
                toolsChanged.run();
                yield Mono.empty();
            }
            case JSONRPCRequest(_, var method, var id, _) when refusals.containsKey(method) ->
                    transport
                            .sendMessage(error(id, -32_601, refusals.getOrDefault(method, "")))
                            .then(Mono.empty());
            case JSONRPCResponse(_, var id, _, _) when id != null && isLate(id) -> Mono.empty();
            case JSONRPCResponse(_, var id, var result, _) when id != null && lists.remove(id) ->
                    inner.apply(Mono.just(JSONRPCResponse.result(id, wellFormed(result))));
            default -> inner.apply(Mono.just(message));
        };
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        if (message instanceof JSONRPCRequest(_, var method, var id, var params)) {
            if (method.equals(McpSchema.METHOD_TOOLS_LIST)) {
                lists.add(id);
            }
            var token = params instanceof CallToolRequest call ? token(call) : null;
            if (token != null) {
                requests.put(token, id);
            }
        }
        return transport.sendMessage(message);
    }

    private static @Nullable Object token(CallToolRequest call) {
        return call.meta() == null ? null : call.meta().get("progressToken");
    }

    /// Whether this answers a call that was cancelled, which some servers do.
    private boolean isLate(Object id) {
        synchronized (cancelled) {
            return cancelled.remove(id);
        }
    }

    /// Whether the server may still be at work for a call that was cancelled. Most never say.
    boolean isOwed() {
        synchronized (cancelled) {
            return !cancelled.isEmpty();
        }
    }

    /// A call has ended, however.
    void forget(String token) {
        requests.remove(token);
    }

    /// Tells the server that nobody waits for a call any more, and the library too.
    void cancel(String token, String why) {
        var id = requests.remove(token);
        if (id == null) {
            return;
        }
        transport
                .sendMessage(
                        new JSONRPCNotification(CANCEL, Map.of("requestId", id, "reason", why)))
                .onErrorComplete()
                .subscribe();
        handler.apply(Mono.just(error(id, CANCELLED, why))).onErrorComplete().subscribe();
        synchronized (cancelled) {
            cancelled.add(id);
            if (cancelled.size() > MOST_CANCELLED) {
                cancelled.remove(cancelled.iterator().next());
            }
        }
    }

    private static JSONRPCMessage error(Object id, int code, String message) {
        return JSONRPCResponse.error(id, new JSONRPCError(code, message));
    }

    /// The same list without tools that the protocol does not allow.
    private static @Nullable Object wellFormed(@Nullable Object result) {
        if (!(result instanceof Map<?, ?> list) || !(list.get("tools") instanceof List<?> tools)) {
            return result;
        }
        var sound = new ArrayList<Object>();
        for (var tool : tools) {
            if (tool instanceof Map<?, ?> one
                    && one.get("name") instanceof String
                    && one.get("inputSchema") instanceof Map<?, ?>
                    && isNullOr(String.class, one.get("description"))
                    && isNullOr(Map.class, one.get("annotations"))) {
                sound.add(one);
            } else {
                LOG.warn("a tool is left out, it has no name or no schema: {}", brief(tool));
            }
        }
        var copy = new LinkedHashMap<Object, @Nullable Object>(list);
        copy.put("tools", sound);
        return copy;
    }

    private static boolean isNullOr(Class<?> type, @Nullable Object value) {
        return value == null || type.isInstance(value);
    }

    private static String brief(@Nullable Object tool) {
        var text = String.valueOf(tool);
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    @Override
    public void setExceptionHandler(Consumer<Throwable> inner) {
        transport.setExceptionHandler(inner.andThen(broke));
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return transport.unmarshalFrom(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }

    @Override
    public void close() {
        transport.close();
    }
}
