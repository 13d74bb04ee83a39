package dev.tutti.core.plan;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import java.util.Collections;
import java.util.List;

/// Finds what is wrong with the expressions of a trigger: they see the `message` and nothing else,
/// and what they give goes into the workflow's input.
public final class TriggerCheck {
    private final Expressions expressions;
    private final Findings findings = new Findings();

    private TriggerCheck(Expressions expressions) {
        this.expressions = expressions;
    }

    /// Everything that is wrong.
    ///
    /// @param input what the workflow takes
    /// @param at the place of the trigger
    public static List<Fault> check(
            Expressions expressions, Type.Struct input, Trigger trigger, List<String> at) {
        var check = new TriggerCheck(expressions);
        check.check(input, trigger, at);
        return check.findings.faults();
    }

    private void check(Type.Struct input, Trigger trigger, List<String> at) {
        var seen = new Variables(Collections.emptyMap()).with("message", Type.Any.ANY);
        var check = new TemplateCheck(expressions, findings, seen, this::unknown);
        var place = Findings.below(at, "input");
        check.check(trigger.input(), input, place, "the workflow");
        if (trigger.group() != null) {
            check.type(trigger.group(), Findings.below(at, "key"));
        }
        var where =
                switch (trigger.source()) {
                    case Source.OnMessage source -> source.where();
                    case Source.OnWebhook source -> source.where();
                    case Source.AtTimes _ -> null;
                };
        if (where != null) {
            var given = check.type(where, Findings.below(at, "where"));
            if (!Type.fits(given, Type.Scalar.BOOL)) {
                findings.add(
                        "E-CEL-04",
                        "this is " + Words.a(given) + ", but `where` needs true or false",
                        Findings.below(at, "where"),
                        null,
                        check.label(given, Value.text(where)),
                        null);
            }
        }
    }

    private void unknown(String variable, List<String> at, Fault.Span span) {
        findings.add(
                "E-REF-08",
                "`" + variable + "` is not known here; a trigger sees the `message` only",
                at,
                span,
                "not here",
                null);
    }
}
