package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.server.http.Right;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The description for programs.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class OpenApiTest {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private static Value.Struct struct(Value.Struct of, String name) {
        assertThat(of.get(name)).as(name).isInstanceOf(Value.Struct.class);
        return (Value.Struct) Objects.requireNonNull(of.get(name), name);
    }

    private static List<Value> list(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Array(var items) ? items : List.of();
    }

    @Test
    void it_says_what_is_served_and_nothing_else() throws Exception {
        try (var served = Served.inMemory()) {
            var document = served.get("/openapi.json");
            assertThat(document.text("openapi")).startsWith("3.1");
            var described = new LinkedHashSet<String>();
            struct(document, "paths")
                    .fields()
                    .forEach((path, methods) ->
                            ((Value.Struct) methods)
                                    .fields()
                                    .keySet()
                                    .forEach(method -> described.add(method + " " + path)));
            var routed = new LinkedHashSet<String>();
            for (var route : served.server.routes()) {
                routed.add(
                        route.method().name().toLowerCase(Locale.ROOT)
                                + " "
                                + route.path().replace('<', '{').replace('>', '}'));
            }
            assertThat(described).isEqualTo(routed);
        }
    }

    @Test
    void every_operation_is_complete() throws Exception {
        try (var served = Served.inMemory()) {
            var document = served.get("/openapi.json");
            var names = new ArrayList<String>();
            struct(document, "paths")
                    .fields()
                    .forEach((path, methods) -> {
                        for (var method : ((Value.Struct) methods).fields().entrySet()) {
                            var operation = (Value.Struct) method.getValue();
                            names.add(operation.text("operationId"));
                            assertThat(operation.text("summary")).endsWith(".");
                            assertThat(struct(operation, "responses").fields())
                                    .containsKey("default");
                            assertThat(struct(operation, "responses").fields().keySet())
                                    .anyMatch(status -> status.startsWith("2"));
                            var declared = new LinkedHashSet<String>();
                            for (var parameter : list(operation, "parameters")) {
                                var fields = (Value.Struct) parameter;
                                if (fields.text("in").equals("path")) {
                                    assertThat(fields.get("required")).isEqualTo(Value.of(true));
                                    declared.add(fields.text("name"));
                                }
                            }
                            var wanted = new LinkedHashSet<String>();
                            var matcher = PARAMETER.matcher(path);
                            while (matcher.find()) {
                                wanted.add(matcher.group(1));
                            }
                            assertThat(declared).as(path).isEqualTo(wanted);
                            boolean open = operation.text("x-right").equals(Right.PUBLIC.word());
                            assertThat(operation.get("security") != null).as(path).isEqualTo(open);
                        }
                    });
            assertThat(names).doesNotHaveDuplicates();
            references(document, document);
        }
    }

    private static void references(Value value, Value.Struct document) {
        switch (value) {
            case Value.Struct(var fields) ->
                    fields.forEach((name, field) -> {
                        if (name.equals("$ref")) {
                            var at = document;
                            for (var part :
                                    ((Value.Text) field).value().substring(2).split("/", -1)) {
                                at = struct(at, part);
                            }
                        }
                        references(field, document);
                    });
            case Value.Array(var items) -> items.forEach(item -> references(item, document));
            default -> {
                // Refers to nothing.
            }
        }
    }
}
