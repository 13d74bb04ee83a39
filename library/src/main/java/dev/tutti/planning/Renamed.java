package dev.tutti.planning;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Expressions that call tasks by the names which the proposal gave them.
final class Renamed {
    private static final Pattern HOLE = Pattern.compile("\\$\\{[^}]*}");

    private Renamed() {}

    /// The template with the ids of tasks in the place of names that were no ids.
    static Value in(Value template, List<Draft> drafts) {
        return switch (template) {
            case Value.Text(var text) ->
                    text.contains("${") ? Value.text(in(text, drafts)) : template;
            case Value.Array(var items) -> {
                var all = new ArrayList<Value>();
                items.forEach(item -> all.add(in(item, drafts)));
                yield new Value.Array(all);
            }
            case Value.Struct(var fields) -> {
                var all = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> all.put(name, in(field, drafts)));
                yield new Value.Struct(all);
            }
            default -> template;
        };
    }

    private static String in(String text, List<Draft> drafts) {
        return HOLE.matcher(text)
                .replaceAll(match -> {
                    var hole = match.group();
                    for (var draft : drafts) {
                        if (!draft.given().equals(draft.name())
                                && Draft.id(draft.given()).equals(draft.name())) {
                            hole =
                                    hole.replaceAll(
                                            "(?<![\\w.\"'])"
                                                    + Pattern.quote(draft.given())
                                                    + "(?![\\w\"'])",
                                            Matcher.quoteReplacement(draft.name()));
                        }
                    }
                    return Matcher.quoteReplacement(hole);
                });
    }
}
