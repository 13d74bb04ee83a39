package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.tools.Reach;
import dev.tutti.agents.tools.With;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a team file says of a server.
///
/// @param name for messages
/// @param timeout how long a call may be silent
/// @param calls how many may be at work at once
record ServerSettings(String name, Place place, Duration timeout, int calls) {
    static final String[] KNOWN = {
        "command", "env", "cwd", "url", "headers", "token", "allow_private", "timeout", "calls"
    };

    /// A call that tells how far it is may take so many times as long as a silent one.
    static final int PATIENCE = 10;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int CALLS = 8;
    private static final int MOST_CALLS = 64;

    /// Where the server is.
    sealed interface Place {
        /// A program of this machine, started by us.
        ///
        /// @param env what it sees besides the few variables that every program needs
        record Program(List<String> command, Map<String, String> env, Path cwd) implements Place {}

        /// A service.
        record Service(URI url, Map<String, String> headers, Reach reach) implements Place {}
    }

    /// The longest that a call may take, whatever it tells.
    Duration longest() {
        return timeout.multipliedBy(PATIENCE);
    }

    static ServerSettings read(String name, With with, Path base) {
        with.only(KNOWN);
        return new ServerSettings(
                name,
                place(with, base),
                with.time("timeout", TIMEOUT),
                with.count("calls", CALLS, MOST_CALLS));
    }

    private static Place place(With with, Path base) {
        if (with.has("command") == with.has("url")) {
            throw with.wrong(
                    "either `command`, such as [npx, -y, some-server], or `url`, such as"
                            + " https://example.com/mcp");
        }
        return with.has("command") ? program(with, base) : service(with);
    }

    private static Place program(With with, Path base) {
        for (var name : List.of("headers", "token", "allow_private")) {
            if (with.has(name)) {
                throw with.wrong("`" + name + "` goes with `url`, not with `command`");
            }
        }
        var command = with.texts("command");
        if (command.isEmpty() || command.stream().anyMatch(word -> word.indexOf(0) >= 0)) {
            throw with.wrong("`command` is the program and its arguments: [npx, -y, some-server]");
        }
        var cwd = base.resolve(with.text("cwd").orElse(".")).toAbsolutePath().normalize();
        return new Place.Program(List.copyOf(command), Map.copyOf(with.named("env")), cwd);
    }

    private static Place service(With with) {
        for (var name : List.of("env", "cwd")) {
            if (with.has(name)) {
                throw with.wrong("`" + name + "` goes with `command`, not with `url`");
            }
        }
        var reach = new Reach(with.flag("allow_private"));
        URI url;
        try {
            url = reach.read(with.needed("url", "https://example.com/mcp"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(with.at() + ".url: " + e.getMessage(), e);
        }
        var headers = new LinkedHashMap<>(with.named("headers"));
        with.text("token").ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        headers.forEach((header, value) -> requireHeader(with, header, value));
        return new Place.Service(url, Map.copyOf(headers), reach);
    }

    private static void requireHeader(With with, String header, String value) {
        if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
                || value.matches("(?s).*[\\r\\n\\x00].*")) {
            throw with.wrong(
                    "the header `" + header.strip() + "` has a name or a value that no header has");
        }
        if (header.toLowerCase(Locale.ROOT).startsWith("mcp-")) {
            throw with.wrong("the header `" + header + "` is the protocol's own");
        }
    }
}
