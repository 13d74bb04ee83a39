package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reads, checks and renders templates.
///
/// A text that is nothing but `${expression}` keeps the type of what the expression gives; in a
/// longer text strings are put in as they are and everything else as JSON. `$${` is a literal `${`.
/// What an expression gives is never read as a template again.
///
/// Read templates are kept, so one instance should serve a whole process. Safe for concurrent use.
public final class Expressions {
    private static final int MOST_KEPT = 10_000;
    private static final int LONGEST_KEPT = 10_000;

    private final ConcurrentHashMap<String, Template> kept = new ConcurrentHashMap<>();

    /// Words that an expression reads as something else than a variable: no task, and nothing else
    /// that expressions name, may be called so.
    public static Set<String> reservedWords() {
        return Reserved.WORDS;
    }

    /// The template with every expression in it evaluated; keys of objects are left as they are.
    ///
    /// @throws ExpressionException when an expression cannot be evaluated
    @SuppressWarnings("ReferenceEquality") // the same instance: nothing in it was a template
    public Value render(Value template, Scope scope) {
        return switch (template) {
            case Value.Text(var text) -> hasHole(text) ? render(text, scope) : template;
            case Value.Array(var items) -> {
                var rendered = new ArrayList<Value>(items.size());
                boolean changed = false;
                for (var item : items) {
                    var one = render(item, scope);
                    changed |= one != item;
                    rendered.add(one);
                }
                yield changed ? new Value.Array(rendered) : template;
            }
            case Value.Struct(var fields) -> {
                var rendered = new LinkedHashMap<String, Value>();
                boolean changed = false;
                for (var field : fields.entrySet()) {
                    var one = render(field.getValue(), scope);
                    changed |= one != field.getValue();
                    rendered.put(field.getKey(), one);
                }
                yield changed ? new Value.Struct(rendered) : template;
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> template;
        };
    }

    /// The text with every expression in it evaluated.
    ///
    /// @throws ExpressionException when an expression cannot be evaluated
    public Value render(String template, Scope scope) {
        return hasHole(template) ? read(template).render(scope) : Value.text(template);
    }

    /// Every variable that the expressions of a template name, in order, repetitions included.
    /// Expressions that cannot be read name none.
    public List<Reference> references(Value template) {
        return switch (template) {
            case Value.Text(var text) -> references(text);
            case Value.Array(var items) ->
                    items.stream().flatMap(item -> references(item).stream()).toList();
            case Value.Struct(var fields) ->
                    fields.values().stream().flatMap(item -> references(item).stream()).toList();
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> List.of();
        };
    }

    public List<Reference> references(String template) {
        return hasHole(template) ? read(template).references() : List.of();
    }

    /// What cannot be read, with spans within the text. Loads no CEL for paths and literals.
    public List<Fault> faults(String template) {
        return hasHole(template) ? read(template).faults() : List.of();
    }

    /// What the template will give, and all that is wrong with it: syntax, unknown variables and
    /// fields, types that do not go together.
    public Checked check(String template, Types types) {
        return hasHole(template)
                ? read(template).check(types)
                : new Checked(Type.Scalar.STRING, List.of());
    }

    /// Whether the text is one expression and nothing else, so that its value keeps its type.
    public boolean isExpression(String template) {
        return hasHole(template)
                && read(template).parts().size() == 1
                && read(template).parts().getFirst() instanceof Template.Hole;
    }

    private static boolean hasHole(String text) {
        return text.contains("${");
    }

    private Template read(String text) {
        if (text.length() > LONGEST_KEPT) {
            return TemplateReader.read(text);
        }
        var template = kept.get(text);
        if (template == null) {
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            template = TemplateReader.read(text);
            kept.put(text, template);
        }
        return template;
    }
}
