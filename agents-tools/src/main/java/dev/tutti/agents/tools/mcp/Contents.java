package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a tool gave, as a value: always an object with its `text`; with `data` where it gave
/// structured content, `files` where it gave images, sound or resources, each kept as an artifact,
/// and `links` to resources that were not read.
final class Contents {
    /// Characters of text that an agent is given; the whole is kept as a file then.
    static final int MOST_TEXT = 256 << 10;

    /// Bytes of all files of one result.
    static final int MOST_BYTES = 12 << 20;

    private static final int MOST_ITEMS = 200;
    private static final String PLAIN = "text/plain";

    private final Attempt attempt;
    private final StringBuilder text = new StringBuilder();
    private final List<Value> files = new ArrayList<>();
    private final List<Value> links = new ArrayList<>();
    private long bytes;

    private Contents(Attempt attempt) {
        this.attempt = attempt;
    }

    static Tool.Result of(CallToolResult result, Attempt attempt) throws IOException {
        var contents = new Contents(attempt);
        var items = result.content() == null ? List.<Content>of() : result.content();
        for (var item : items.subList(0, Math.min(items.size(), MOST_ITEMS))) {
            contents.add(item);
        }
        if (items.size() > MOST_ITEMS) {
            contents.say("[" + (items.size() - MOST_ITEMS) + " more items were left out]");
        }
        var value = contents.value(result.structuredContent());
        return new Tool.Result(value, Boolean.TRUE.equals(result.isError()));
    }

    private void add(Content content) throws IOException {
        switch (content) {
            case TextContent item -> say(item.text());
            case ImageContent item -> keep(item.data(), item.mimeType(), "image");
            case AudioContent item -> keep(item.data(), item.mimeType(), "sound");
            case ResourceLink item ->
                    links.add(
                            Value.struct(
                                    "uri",
                                    Value.text(item.uri()),
                                    "name",
                                    Value.text(item.name() == null ? "" : item.name()),
                                    "media_type",
                                    Value.text(item.mimeType() == null ? "" : item.mimeType())));
            case EmbeddedResource item -> {
                switch (item.resource()) {
                    case TextResourceContents resource -> say(resource.text());
                    case BlobResourceContents resource ->
                            keep(resource.blob(), resource.mimeType(), resource.uri());
                    default -> say("[a resource of a kind that is not known]");
                }
            }
            default -> say("[content of the kind " + content.type() + ", which is not known]");
        }
    }

    private void say(@Nullable String more) {
        if (more != null) {
            text.append(text.isEmpty() ? "" : "\n").append(more);
        }
    }

    private void keep(@Nullable String base64, @Nullable String type, String name)
            throws IOException {
        byte[] content;
        try {
            content = Base64.getMimeDecoder().decode(base64 == null ? "" : base64);
        } catch (IllegalArgumentException e) {
            say("[" + name + ": not base64, " + e.getMessage() + "]");
            return;
        }
        keep(content, type == null ? "application/octet-stream" : type, name);
    }

    private void keep(byte[] content, String type, String name) throws IOException {
        bytes += content.length;
        if (bytes > MOST_BYTES) {
            say(
                    "["
                            + name
                            + ": left out, the files of one result may have "
                            + MOST_BYTES
                            + " bytes]");
            return;
        }
        var hash = attempt.store(content, type, name);
        files.add(
                Value.struct(
                        "artifact",
                        Value.text(hash),
                        "media_type",
                        Value.text(type),
                        "name",
                        Value.text(name),
                        "bytes",
                        Value.of(content.length)));
    }

    private Value.Struct value(@Nullable Object structured) throws IOException {
        var value = Value.struct("text", Value.text(bounded()));
        if (structured != null) {
            value = value.with("data", Value.from(structured));
        }
        if (!files.isEmpty()) {
            value = value.with("files", new Value.Array(files));
        }
        return links.isEmpty() ? value : value.with("links", new Value.Array(links));
    }

    private String bounded() throws IOException {
        if (text.length() <= MOST_TEXT) {
            return text.toString();
        }
        keep(text.toString().getBytes(StandardCharsets.UTF_8), PLAIN, "text");
        return text.substring(0, MOST_TEXT)
                + "\n["
                + (text.length() - MOST_TEXT)
                + " more characters are in the file `text`]";
    }
}
