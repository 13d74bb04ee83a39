package dev.tutti.agents.tools.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests as tools.
@Timeout(30)
class HttpToolboxTest {

    @TempDir @Nullable Path folder;

    private @Nullable Service running;

    @BeforeEach
    void start_a_service() throws Exception {
        running = new Service();
    }

    @AfterEach
    void end_it() {
        service().close();
    }

    private Service service() {
        return Objects.requireNonNull(running);
    }

    private Toolbox open(String with) {
        var settings =
                (Value.Struct) Json.parse(with.replace('\'', '"').replace("URL", service().url()));
        return new HttpTools()
                .open(
                        new ToolProvider.Settings(
                                "pets", "http", settings, Objects.requireNonNull(folder)));
    }

    private Toolbox one(String path) {
        return one(path, "20s");
    }

    private Toolbox one(String path, String timeout) {
        return open(
                "{'allow_private': true, 'timeout': '"
                        + timeout
                        + "', 'tools': [{'name': 't', 'url': 'URL"
                        + path
                        + "'}]}");
    }

    private static Tool.Result call(Toolbox toolbox, String name, String arguments)
            throws Exception {
        return call(toolbox, name, arguments, new Given());
    }

    private static Tool.Result call(Toolbox toolbox, String name, String arguments, Given attempt)
            throws Exception {
        for (var tool : toolbox.tools()) {
            if (tool.description().name().equals(name)) {
                return tool.call((Value.Struct) Json.parse(arguments.replace('\'', '"')), attempt);
            }
        }
        throw new AssertionError("no tool " + name);
    }

    private Toolbox document(String yaml, String more) throws Exception {
        Files.writeString(Objects.requireNonNull(folder).resolve("api.yaml"), yaml);
        return open("{'openapi': 'api.yaml', 'allow_private': true" + more + "}");
    }

    private static final String PETS =
            """
            openapi: 3.0.3
            servers: [{ url: "https://{region}.example.com/v1/", variables: { region: { default: eu } } }]
            paths:
              /pets/{id}:
                parameters:
                  - { name: id, in: path, required: true, schema: { type: string } }
                get:
                  operationId: getPet
                  description: One pet.
                  parameters:
                    - { name: tag, in: query, schema: { type: array, items: { type: string } } }
                    - { name: only, in: query, explode: false, schema: { type: array, items: { type: string } } }
                    - { name: filter, in: query, style: deepObject, schema: { type: object } }
                    - { name: X-Extra, in: header, schema: { type: string } }
                    - { name: id, in: query, schema: { type: integer } }
                    - { name: Authorization, in: header, required: true, schema: { type: string } }
                put:
                  operationId: putPet
                  requestBody:
                    required: true
                    content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
              /forms:
                post:
                  operationId: sendForm
                  requestBody:
                    content: { application/x-www-form-urlencoded: { schema: { type: object } } }
              /upload:
                post:
                  operationId: upload
                  requestBody: { required: true, content: { multipart/form-data: { schema: {} } } }
            components:
              schemas:
                Pet:
                  type: object
                  required: [name]
                  properties:
                    name: { type: string, nullable: true, example: Rex }
                    age: { type: integer, minimum: 0, exclusiveMinimum: true }
                    mother: { $ref: "#/components/schemas/Pet" }
                    example: { type: string }
            """;

    @Test
    void arguments_go_where_the_document_says() throws Exception {
        try (var toolbox = document(PETS, ", 'url': 'URL/v1', 'token': 'abc'")) {
            call(
                    toolbox,
                    "getPet",
                    "{'id': 'a/../b c', 'tag': ['x', 'y&z'], 'only': ['p', 'q'], 'filter': {'age': 3},"
                            + " 'X-Extra': 'more', 'query_id': 7}");
            call(toolbox, "putPet", "{'id': '1', 'body': {'name': 'Rex'}}");
            call(toolbox, "sendForm", "{'body': {'a': 'b c', 'd': 1}}");
        }
        assertThat(service().seen)
                .containsExactly(
                        "GET /v1/pets/a%2F..%2Fb%20c?tag=x&tag=y%26z&only=p,q&filter%5Bage%5D=3&id=7"
                                + " X-Extra=more Bearer abc",
                        "PUT /v1/pets/1 {\"name\":\"Rex\"} Bearer abc",
                        "POST /v1/forms a=b%20c&d=1 Bearer abc");
        assertThat(service().traces)
                .allMatch(trace -> trace.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
    }

    @Test
    void schemas_stand_alone_and_are_told_as_json_schema() throws Exception {
        try (var toolbox = document(PETS, ", 'operations': ['putPet', 'getPet']")) {
            assertThat(toolbox.tools()).hasSize(2);
            var get = toolbox.tools().get(0).description();
            assertThat(get.text()).isEqualTo("One pet.");
            assertThat(get.readOnly()).isTrue();
            var put = toolbox.tools().get(1).description();
            assertThat(put.readOnly()).isFalse();
            assertThat(put.text()).isEqualTo("PUT https://eu.example.com/v1/pets/{id}");
            assertThat(Json.text(put.input()))
                    .isEqualTo(
                            """
                            {"type":"object","properties":{"id":{"type":"string"},\
                            "body":{"type":"object","required":["name"],"properties":{\
                            "name":{"type":["string","null"]},\
                            "age":{"type":"integer","exclusiveMinimum":0},\
                            "mother":{},"example":{"type":"string"}}}},\
                            "required":["id","body"]}\
                            """);
        }
    }

    @Test
    void a_path_is_not_left_by_an_argument() throws Exception {
        try (var toolbox = document(PETS, ", 'url': 'URL'")) {
            for (var id : List.of("", ".", "..")) {
                var result = call(toolbox, "getPet", "{'id': '" + id + "'}");
                assertThat(result.isError()).as(id).isTrue();
            }
            var injected = call(toolbox, "getPet", "{'id': '1', 'X-Extra': 'a\\r\\nX: y'}");
            assertThat(Json.text(injected.content())).contains("one line of text");
            assertThat(Json.text(call(toolbox, "getPet", "{}").content()))
                    .isEqualTo("\"`id` is needed\"");
        }
        assertThat(service().seen).isEmpty();
    }

    @Test
    void what_cannot_be_called_is_left_out_or_refused_by_name() throws Exception {
        try (var toolbox = document(PETS, "")) {
            assertThat(toolbox.tools())
                    .extracting(tool -> tool.description().name())
                    .containsExactly("getPet", "putPet", "sendForm");
        }
        assertThatThrownBy(() -> document(PETS, ", 'operations': ['upload']"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "tools.pets.with.openapi has no operation `upload`: it needs a body of"
                                + " [multipart/form-data], which is not known");
        assertThatThrownBy(() -> document(PETS, ", 'operations': ['gone']"))
                .hasMessageContaining("has no operation `gone`; there are [");
    }

    @Test
    void documents_that_are_none_are_refused() {
        assertThatThrownBy(() -> document("swagger: '2.0'", ""))
                .hasMessageContaining("Swagger 2.0");
        assertThatThrownBy(() -> document("a: 1", "")).hasMessageContaining("no OpenAPI document");
        assertThatThrownBy(() -> document("a: &a [*a]", "")).hasMessageContaining("alias");
        assertThatThrownBy(() -> document("a: 1\na: 2", ""))
                .hasMessageContaining("duplicate key a");
        assertThatThrownBy(() -> document("a: [", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> document("[".repeat(5000), ""))
                .hasMessageContaining("nested more");
        assertThatThrownBy(() -> document("{\"a\": 1, \"a\": 2}", ""))
                .hasMessageContaining("line 1");
        assertThatThrownBy(() ->
                        document(
                                "openapi: 3.1.0\npaths: { /a: { get: { parameters: [{ $ref: 'file:///etc/passwd' }] } } }",
                                ", 'url': 'URL'"))
                .hasMessageContaining("outside of itself");
    }

    @Test
    void a_document_of_the_service_itself_is_fetched_when_it_is_needed() throws Exception {
        try (var toolbox = open("{'openapi': 'URL/openapi.json', 'allow_private': true}")) {
            assertThat(service().seen).isEmpty();
            assertThat(Json.text(call(toolbox, "listPets", "{}").content()))
                    .isEqualTo("{\"status\":200,\"data\":{\"ok\":true}}");
            assertThat(service().seen).containsExactly("GET /openapi.json", "GET /api/pets");
        }
    }

    @Test
    void tools_are_declared_by_hand() throws Exception {
        var with =
                """
                {'allow_private': true, 'headers': {'X-Extra': 'all'}, 'tools': [
                 {'name': 'look', 'url': 'URL/users/{id}?v=1', 'description': 'Looks.', 'input': {'id': 'string', 'q': {'type': 'string', 'optional': true}}},
                 {'name': 'make', 'method': 'post', 'url': 'URL/users', 'input': {'name': 'string', 'age': 'integer'}}]}
                """;
        try (var toolbox = open(with)) {
            call(toolbox, "look", "{'id': 'ü', 'q': 'a=b'}");
            call(toolbox, "make", "{'name': 'Ada', 'age': 36}");
            var look = toolbox.tools().getFirst().description();
            assertThat(look.readOnly()).isTrue();
            assertThat(Json.text(look.input())).contains("\"required\":[\"id\"]");
            assertThat(toolbox.tools().getLast().description().readOnly()).isFalse();
        }
        assertThat(service().seen)
                .containsExactly(
                        "GET /users/%C3%BC?v=1&q=a%3Db X-Extra=all",
                        "POST /users {\"name\":\"Ada\",\"age\":36} X-Extra=all");
    }

    @Test
    void settings_that_do_not_fit_are_refused_with_the_mend() {
        assertThatThrownBy(() -> open("{}")).hasMessageContaining("either `openapi`");
        assertThatThrownBy(() -> open("{'tools': [{'name': 'a b', 'url': 'https://x.org'}]}"))
                .hasMessageContaining("tools.pets.with.tools[0]: a name has letters");
        assertThatThrownBy(() -> open("{'tools': [{'name': 'a', 'url': 'https://{host}/'}]}"))
                .hasMessageContaining("does not choose whom it calls");
        assertThatThrownBy(() -> open("{'tools': [{'name': 'a', 'url': 'https://x.org/{id}'}]}"))
                .hasMessageContaining("write `input: { id: string }`");
        assertThatThrownBy(() -> open("{'tools': [{'name': 'a', 'url': 'ftp://x.org/'}]}"))
                .hasMessageContaining("does not begin with http");
        assertThatThrownBy(() -> open("{'timeout': 5, 'tools': []}")).hasMessageContaining("`30s`");
        assertThatThrownBy(() -> open("{'tool': []}")).hasMessageContaining("`tool` is not known");
        assertThatThrownBy(() ->
                        open(
                                "{'tools': [{'name': 'a', 'url': 'https://x.org'}, {'name': 'a', 'url':"
                                        + " 'https://x.org'}]}"))
                .hasMessageContaining("two tools `a`");
    }

    @Test
    void a_refusal_is_a_result_and_an_outage_is_not() throws Exception {
        try (var toolbox = one("/missing")) {
            var result = call(toolbox, "t", "{}");
            assertThat(result.isError()).isTrue();
            assertThat(Json.text(result.content()))
                    .isEqualTo("{\"status\":404,\"data\":{\"error\":\"no such pet\"}}");
        }
        try (var toolbox = one("/busy")) {
            assertThat(catchThrowable(() -> call(toolbox, "t", "{}")))
                    .isInstanceOfSatisfying(
                            ToolUnavailable.class,
                            busy -> {
                                assertThat(busy)
                                        .hasMessageContaining(
                                                "answers 429, to be asked again in 7 s");
                                assertThat(busy.retryAfter()).contains(Duration.ofSeconds(7));
                            });
        }
        try (var toolbox = one("/broken")) {
            assertThatThrownBy(() -> call(toolbox, "t", "{}")).isInstanceOf(ToolUnavailable.class);
        }
        assertThat(Exchange.wait("Wed, 21 Oct 2015 07:28:00 GMT")).contains(Duration.ZERO);
        assertThat(Exchange.wait("soon")).isEqualTo(Optional.empty());
    }

    @Test
    void what_comes_back_is_bounded_in_time_and_size() throws Exception {
        for (var path : List.of("/silent", "/trickle")) {
            try (var toolbox = one(path, "400ms")) {
                assertThatThrownBy(() -> call(toolbox, "t", "{}"))
                        .isInstanceOf(ToolUnavailable.class)
                        .hasMessageContaining("did not answer within 0.4 s");
            }
        }
        try (var toolbox = one("/large")) {
            assertThatThrownBy(() -> call(toolbox, "t", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("answers with more than 1048576 bytes");
        }
        try (var toolbox = one("/long")) {
            var attempt = new Given();
            var result = call(toolbox, "t", "{}", attempt);
            assertThat(Json.text(result.content())).hasSizeLessThan(Exchange.MOST_TEXT + 500);
            assertThat(attempt.stored("hash-of-text/plain-400000")).hasSize(400_000);
        }
        try (var toolbox = one("/image")) {
            assertThat(Json.text(call(toolbox, "t", "{}").content()))
                    .contains("\"artifact\"", "image/png");
        }
    }

    @Test
    void a_call_that_nobody_wants_ends_at_once() throws Exception {
        try (var toolbox =
                open("{'allow_private': true, 'tools': [{'name': 't', 'url': 'URL/silent'}]}")) {
            var thrown = new AtomicReference<Throwable>();
            var caller =
                    Thread.ofVirtual()
                            .start(() ->
                                    thrown.set(catchThrowable(() -> call(toolbox, "t", "{}"))));
            while (service().seen.isEmpty()) {
                Thread.sleep(5);
            }
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(2))).isTrue();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void redirects_are_followed_only_where_they_stay() throws Exception {
        try (var toolbox = one("/moved")) {
            assertThat(call(toolbox, "t", "{}").isError()).isFalse();
            assertThat(service().seen).containsExactly("GET /moved", "GET /pets");
        }
        try (var toolbox = one("/loop")) {
            assertThat(call(toolbox, "t", "{}").isError()).isTrue();
        }
        service().seen.clear();
        try (var toolbox = one("/away")) {
            var result = call(toolbox, "t", "{}");
            assertThat(result.isError()).isTrue();
            assertThat(Json.text(result.content()))
                    .contains("names another place: http://localhost");
            assertThat(service().seen).containsExactly("GET /away");
        }
    }

    @Test
    void this_machine_is_not_called_unless_that_is_meant() throws Exception {
        try (var toolbox = open("{'tools': [{'name': 't', 'url': 'URL/pets'}]}")) {
            assertThatThrownBy(() -> call(toolbox, "t", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("write `allow_private: true`");
        }
        assertThat(service().seen).isEmpty();
    }
}
