package dev.tutti.agents.tools.http;

import dev.tutti.agents.tools.Inputs;
import dev.tutti.agents.tools.Reach;
import dev.tutti.agents.tools.With;
import dev.tutti.agents.tools.http.Parameter.In;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.Toolbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Requests to HTTP services as tools. A document that is a file is read when the toolbox is
/// opened; one that is elsewhere when its tools are first asked for.
final class HttpToolbox implements Toolbox {
    static final int MOST_TOOLS = 100;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST = 1 << 20;
    private static final int LARGEST_OF_ALL = 64 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final With with;
    private final Exchange exchange;
    private final Map<String, String> headers;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Tool> declared = new ArrayList<>();
    private final @Nullable URI document;
    private @Nullable List<Tool> tools;

    HttpToolbox(With with, Path base) {
        this.with =
                with.only(
                        "openapi",
                        "operations",
                        "url",
                        "tools",
                        "headers",
                        "token",
                        "timeout",
                        "largest",
                        "allow_private");
        exchange =
                Exchange.of(
                        new Reach(with.flag("allow_private")),
                        with.time("timeout", TIMEOUT),
                        with.count("largest", LARGEST, LARGEST_OF_ALL));
        headers = headers(with);
        for (var one : with.each("tools")) {
            declared.add(new Request(declared(one)));
        }
        var openapi = with.text("openapi");
        if (openapi.isEmpty() && declared.isEmpty()) {
            throw with.wrong("either `openapi`, a file or an address, or `tools` is needed");
        }
        if (openapi.isPresent() && openapi.get().matches("(?i)https?:.*")) {
            document = exchange.reach().read(openapi.get());
        } else {
            document = null;
            tools = openapi.map(file -> all(read(base.resolve(file)), null)).orElse(declared);
        }
        if (tools != null) {
            requireDistinct(tools);
        }
    }

    private static Map<String, String> headers(With with) {
        var headers = new LinkedHashMap<>(with.named("headers"));
        with.text("token").ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        try {
            var probe = HttpRequest.newBuilder();
            headers.forEach(probe::setHeader);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    with.at() + ".headers: " + e.getMessage() + "; such a header cannot be sent",
                    e);
        }
        return headers;
    }

    private byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    with.at() + ".openapi: " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private List<Tool> all(byte[] text, @Nullable URI from) {
        var all = new ArrayList<>(declared);
        var api = OpenApi.read(with.at() + ".openapi", text);
        var url = with.text("url").map(exchange.reach()::read).orElseGet(() -> api.server(from));
        for (var operation : api.operations(url, with.texts("operations"), headers)) {
            all.add(new Request(operation));
        }
        if (all.size() > MOST_TOOLS) {
            throw with.wrong(
                    "there are "
                            + all.size()
                            + " operations, and a toolbox has "
                            + MOST_TOOLS
                            + " at most; choose them: `operations: ["
                            + all.getFirst().description().name()
                            + ", …]`");
        }
        return all;
    }

    private void requireDistinct(List<Tool> all) {
        var seen = new ArrayList<String>();
        for (var tool : all) {
            if (seen.contains(tool.description().name())) {
                throw with.wrong("there are two tools `" + tool.description().name() + "`");
            }
            seen.add(tool.description().name());
        }
    }

    /// A tool that a team file declares by hand.
    private Operation declared(With one) {
        one.only("name", "description", "method", "url", "input", "headers");
        var name = one.needed("name", "letters, digits, `_` and `-`");
        if (!NAME.matcher(name).matches()) {
            throw one.wrong("a name has letters, digits, `_` and `-`, at most 64");
        }
        var method = one.text("method").orElse("GET").toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw one.wrong("`method` is one of " + METHODS.stream().sorted().toList());
        }
        var url = one.needed("url", "https://example.com/users/{id}");
        exchange.reach().read(PLACE.matcher(url).replaceAll("x"));
        var authority = url.replaceFirst("(?i)^https?://", "").split("[/?#]", 2)[0];
        if (authority.contains("{")) {
            throw one.wrong(
                    "`url` has its host written out: an agent does not choose whom it calls");
        }
        var schema = Inputs.schema(one.within("input"));
        var parameters = new ArrayList<Parameter>();
        var places = PLACE.matcher(url);
        while (places.find()) {
            parameters.add(
                    new Parameter(places.group(1), places.group(1), In.PATH, true, false, false));
        }
        requireDescribed(one, schema, parameters);
        var all = new LinkedHashMap<>(headers);
        all.putAll(headers(one));
        var body =
                Operation.isReadOnly(method) || method.equals("DELETE")
                        ? Operation.Body.REST_AS_QUERY
                        : Operation.Body.REST_AS_JSON;
        var description =
                new Tool.Description(
                        name,
                        one.text("description").orElse(method + " " + url),
                        schema,
                        Operation.isReadOnly(method));
        return new Operation(description, method, url, parameters, all, body);
    }

    private static void requireDescribed(
            With one, Value.Struct schema, List<Parameter> parameters) {
        for (var parameter : parameters) {
            if (!Inputs.names(schema).contains(parameter.name())) {
                throw one.wrong(
                        "`url` has {"
                                + parameter.name()
                                + "}, which `input` does not describe; write `input: { "
                                + parameter.name()
                                + ": string }`");
            }
        }
    }

    @Override
    public List<Tool> tools() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (tools == null && document != null) {
                var request = HttpRequest.newBuilder(document);
                if (with.text("url").isEmpty()) {
                    headers.forEach(request::setHeader); // else they are meant for another place
                }
                var response =
                        exchange.send(
                                request.setHeader(
                                        "Accept", "application/json, application/yaml, */*"));
                if (response.statusCode() != 200) {
                    throw new IOException(document + " answers " + response.statusCode());
                }
                var all = all(response.body(), document);
                requireDistinct(all);
                tools = all;
            }
            return tools == null ? declared : List.copyOf(tools);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        exchange.client().shutdownNow();
    }

    /// A request as a tool.
    private final class Request implements Tool {
        private final Operation operation;

        private Request(Operation operation) {
            this.operation = operation;
        }

        @Override
        public Description description() {
            return operation.description();
        }

        @Override
        public Result call(Value.Struct arguments, Attempt attempt)
                throws IOException, InterruptedException {
            HttpRequest.Builder request;
            try {
                request = operation.request(arguments);
            } catch (IllegalArgumentException e) {
                return Result.error(String.valueOf(e.getMessage()));
            }
            return exchange.call(request, attempt);
        }
    }
}
