package dev.tutti.agents.tools.http;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.nio.charset.StandardCharsets;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A document that is JSON or YAML, as values. Of YAML only what JSON could say: no aliases, which
/// could make a document grow while it is read.
final class Document {
    static final int LONGEST = 16 << 20;
    private static final int DEEPEST = 100;

    private Document() {}

    /// @param at where it is named, for messages
    /// @throws IllegalArgumentException when it is neither, or no object
    static Value.Struct read(String at, byte[] utf8) {
        if (utf8.length > LONGEST) {
            throw new IllegalArgumentException(at + ": it is longer than " + LONGEST + " bytes");
        }
        var text = new String(utf8, StandardCharsets.UTF_8);
        var value = text.stripLeading().startsWith("{") ? json(at, utf8) : yaml(at, text);
        if (value instanceof Value.Struct struct) {
            return struct;
        }
        throw new IllegalArgumentException(at + ": it is no object, but a " + Value.shape(value));
    }

    private static Value json(String at, byte[] utf8) {
        try {
            return Json.parse(utf8);
        } catch (JsonException e) {
            throw new IllegalArgumentException(
                    at + ", line " + e.line() + ", column " + e.column() + ": " + e.getMessage(),
                    e);
        }
    }

    private static Value yaml(String at, String text) {
        var settings =
                LoadSettings.builder()
                        .setCodePointLimit(LONGEST)
                        .setAllowDuplicateKeys(false)
                        .setAllowRecursiveKeys(false)
                        .setLabel(at)
                        .build();
        try {
            requireModest(at, text, settings);
            return Value.from(new Load(settings).loadFromString(text));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(at + ": " + e.getMessage(), e);
        }
    }

    private static void requireModest(String at, String text, LoadSettings settings) {
        int depth = 0;
        for (var event : new Parse(settings).parseString(text)) {
            if (event instanceof AliasEvent alias) {
                throw new IllegalArgumentException(
                        at + ": the alias `*" + alias.getAlias() + "` is not taken; write it out");
            }
            depth +=
                    event instanceof CollectionStartEvent
                            ? 1
                            : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEEPEST) {
                throw new IllegalArgumentException(
                        at + ": it is nested more than " + DEEPEST + " levels");
            }
        }
    }
}
