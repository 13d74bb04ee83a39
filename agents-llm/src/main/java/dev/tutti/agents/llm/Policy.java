package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Scope;
import dev.tutti.runtime.tool.Tool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a call is made: the first rule that holds decides. Without rules that hold, what
/// promises to change nothing is allowed and for anything else a person is asked.
///
/// A condition that cannot be evaluated, since an argument that it names is not there, say, never
/// allows: under `allow` it does not hold, under `deny` and `ask` it does.
record Policy(Expressions expressions) {

    enum Decision {
        ALLOW,
        DENY,
        ASK
    }

    /// @param by the rule in words, for whoever wonders
    record Ruling(Decision decision, String by) {}

    private static final Map<String, Decision> WORDS =
            Map.of("allow", Decision.ALLOW, "deny", Decision.DENY, "ask", Decision.ASK);

    Ruling decide(
            @Nullable List<Value.Struct> rules,
            String toolbox,
            Tool.Description tool,
            Value.Struct arguments) {
        var call =
                Value.struct(
                        "name", Value.text(tool.name()),
                        "toolbox", Value.text(toolbox),
                        "read_only", Value.of(tool.readOnly()));
        Scope scope =
                variable ->
                        switch (variable) {
                            case "tool" -> call;
                            case "args" -> arguments;
                            default -> null;
                        };
        for (var rule : rules == null ? List.<Value.Struct>of() : rules) {
            for (var entry : rule.fields().entrySet()) {
                var decision = WORDS.get(entry.getKey());
                if (decision != null
                        && entry.getValue() instanceof Value.Text(var condition)
                        && holds(condition, scope, decision != Decision.ALLOW)) {
                    return new Ruling(decision, entry.getKey() + ": " + condition);
                }
            }
        }
        return tool.readOnly()
                ? new Ruling(Decision.ALLOW, "it changes nothing")
                : new Ruling(Decision.ASK, "it may change something");
    }

    private boolean holds(String condition, Scope scope, boolean inDoubt) {
        try {
            return expressions.render("${" + condition + "}", scope) instanceof Value.Bool(var yes)
                    ? yes
                    : inDoubt;
        } catch (ExpressionException _) {
            return inDoubt;
        }
    }
}
