package dev.tutti.core.goal;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The inputs of a run: what was given, laid over the defaults of the workflow.
///
/// @param values in the order of the declaration; not to be used when there are faults
/// @param faults what is missing, unknown or of the wrong type, places below `["input"]`
public record Inputs(Value.Struct values, List<Fault> faults) {
    public Inputs {
        faults = List.copyOf(faults);
    }

    /// Holds what was given against what the workflow declares, and fills in defaults.
    public static Inputs bind(Type.Struct declared, Value.Struct given) {
        var at = List.of("input");
        var values = new LinkedHashMap<String, Value>();
        var faults = new ArrayList<Fault>();
        declared.fields()
                .forEach((name, field) -> {
                    var value = given.get(name);
                    if (value != null) {
                        values.put(name, value);
                        faults.addAll(field.type().check(value, List.of("input", name)));
                    } else if (field.byDefault() != null) {
                        values.put(name, field.byDefault());
                    } else if (field.required()) {
                        faults.add(
                                new Fault(
                                        "E-INPUT-01",
                                        "input `" + name + "` is missing",
                                        at,
                                        null,
                                        "needs " + name,
                                        "add `--input " + name + "=…`"));
                    }
                });
        given.fields()
                .forEach((name, value) -> {
                    if (declared.fields().containsKey(name)) {
                        return;
                    }
                    if (declared.open()) {
                        values.put(name, value);
                        return;
                    }
                    faults.add(
                            new Fault(
                                    "E-INPUT-02",
                                    "there is no input `" + name + "`",
                                    List.of("input", name),
                                    null,
                                    "unknown",
                                    Similar.to(name, declared.fields().keySet())
                                            .map(near -> "write `" + near + "`")
                                            .orElse(null)));
                });
        return new Inputs(new Value.Struct(values), faults);
    }
}
