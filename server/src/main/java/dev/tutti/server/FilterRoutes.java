package dev.tutti.server;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Searches that somebody keeps under a name, in the store's folder, so that they are there in each
/// of their browsers. Everybody has their own.
final class FilterRoutes {
    private static final String FILTERS = "/api/v1/filters";
    private static final String FOLDER = "filters";
    private static final String FIELD = "filters";
    private static final String NAME = "name";
    private static final String QUERY = "q";
    private static final int MOST = 50;
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_QUERY = 500;

    private final @Nullable Path folder;
    private final Map<String, Value> remembered = new LinkedHashMap<>();

    /// @param store the folder of the store, or null to keep them in memory
    FilterRoutes(@Nullable Path store) {
        folder = store == null ? null : store.resolve(FOLDER);
    }

    void add(Routes routes) {
        routes.add(
                Route.get(FILTERS, Right.VIEW, this::list, "The searches that you keep.")
                        .shows("Filters"),
                Route.post(
                                FILTERS,
                                Right.VIEW,
                                this::keep,
                                "Keeps these searches for you, and no others.")
                        .takes(Map.of(FIELD, "[object]"))
                        .shows("Filters"));
    }

    private synchronized void list(Context request) {
        answer(request, 200, Value.struct(FIELD, of(file(request))));
    }

    private synchronized void keep(Context request) {
        var filters = checked(Body.of(request).fields().get(FIELD));
        var file = file(request);
        if (folder == null) {
            remembered.put(file, filters);
        } else {
            Keys.write(folder.resolve(file), Json.bytes(filters));
        }
        answer(request, 200, Value.struct(FIELD, filters));
    }

    /// Where those of somebody are: no name makes a path.
    private static String file(Context request) {
        var name = Caller.of(request).name();
        return Sha256.hex(name.getBytes(StandardCharsets.UTF_8)) + ".json";
    }

    private Value of(String file) {
        if (folder == null) {
            return remembered.getOrDefault(file, Value.Array.EMPTY);
        }
        try {
            return Json.parse(Files.readAllBytes(folder.resolve(file)));
        } catch (NoSuchFileException _) {
            return Value.Array.EMPTY;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Value.Array checked(@Nullable Value given) {
        if (!(given instanceof Value.Array(var items)) || items.size() > MOST) {
            throw Problem.field("/filters", "`filters` is a list, " + MOST + " at most");
        }
        var filters = new LinkedHashMap<String, Value>();
        for (int i = 0; i < items.size(); i++) {
            var at = "/filters/" + i;
            if (!(items.get(i) instanceof Value.Struct one)) {
                throw Problem.field(at, "a filter has `name` and `q`");
            }
            var name = text(one, NAME, LONGEST_NAME, at);
            var query = text(one, QUERY, LONGEST_QUERY, at);
            filters.put(name, Value.struct(NAME, Value.text(name), QUERY, Value.text(query)));
        }
        return new Value.Array(filters.values().stream().toList());
    }

    private static String text(Value.Struct one, String name, int longest, String at) {
        if (one.get(name) instanceof Value.Text(var text)
                && !text.isBlank()
                && text.length() <= longest) {
            return text.strip();
        }
        throw Problem.field(
                at + "/" + name, "`" + name + "` is a text of " + longest + " characters at most");
    }
}
