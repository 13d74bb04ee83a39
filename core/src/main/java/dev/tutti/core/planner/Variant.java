package dev.tutti.core.planner;

import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Type;
import dev.tutti.core.planner.Problem.Estimate;
import dev.tutti.core.planner.Problem.Offer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One way to come by facts: a skill used once, a skill used for each item of a list, or, to find
/// out what is missing, an assumption.
///
/// @param offer what is used, or null where a fact is assumed
/// @param needs for each field of its input that must be there and comes from elsewhere, what is
///   asked for
/// @param each the list for whose items it is used, or null
/// @param fields for each field of its input that comes from the item, the template
/// @param yields what is known when it is done
record Variant(
        @Nullable Offer offer,
        SequencedMap<String, Condition> needs,
        @Nullable Condition each,
        SequencedMap<String, String> fields,
        List<Yield> yields) {

    Variant {
        needs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(needs));
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        yields = List.copyOf(yields);
    }

    /// A fact of this name and of a type that fits this one.
    record Condition(String name, Type type) {
        boolean metBy(String given, Type by) {
            return name.equals(given) && Type.fits(by, type);
        }
    }

    /// What a finished task has under a name.
    ///
    /// @param form whether the task's output itself, a field of it, or that field of each of its
    ///   results
    record Yield(String name, Type type, Form form, String field) {
        String expression(String task) {
            return switch (form) {
                case WHOLE -> "${" + task + "}";
                case FIELD -> "${" + Naming.field(task, field) + "}";
                case FIELD_OF_EACH -> "${" + task + ".map(r, " + Naming.field("r", field) + ")}";
            };
        }
    }

    enum Form {
        WHOLE,
        FIELD,
        FIELD_OF_EACH
    }

    /// A skill used once.
    static Variant once(Offer offer) {
        return new Variant(
                offer,
                required(offer, Collections.emptySortedMap()),
                null,
                Collections.emptySortedMap(),
                yields(offer.skill(), false));
    }

    /// A skill used for each item of `list`.
    static Variant each(Offer offer, Condition list, SequencedMap<String, String> fields) {
        return new Variant(
                offer, required(offer, fields), list, fields, yields(offer.skill(), true));
    }

    /// What is known when a skill was used. Used for each item of a list it yields lists, under the
    /// names of its output's fields and under their plurals; and the list of its results, under
    /// those plurals.
    static List<Yield> yields(Skill skill, boolean each) {
        var yields = new ArrayList<Yield>();
        fields(skill.output())
                .forEach((name, field) -> {
                    if (!each) {
                        yields.add(new Yield(name, field.type(), Form.FIELD, name));
                        return;
                    }
                    var all = new Type.ListOf(field.type());
                    var several = Naming.plural(name);
                    yields.add(new Yield(name, all, Form.FIELD_OF_EACH, name));
                    yields.add(new Yield(several, all, Form.FIELD_OF_EACH, name));
                    yields.add(
                            new Yield(several, new Type.ListOf(skill.output()), Form.WHOLE, name));
                });
        return yields;
    }

    static Variant assumed(Condition fact) {
        return new Variant(
                null,
                Collections.emptySortedMap(),
                null,
                Collections.emptySortedMap(),
                List.of(new Yield(fact.name(), fact.type(), Form.WHOLE, fact.name())));
    }

    /// Everything that must be known before it can be used.
    List<Condition> conditions() {
        var all = new LinkedHashSet<Condition>();
        if (each != null) {
            all.add(each);
        }
        all.addAll(needs.values());
        return List.copyOf(all);
    }

    Estimate estimate() {
        return offer == null ? Estimate.UNKNOWN : offer.estimate();
    }

    /// How often the skill is used.
    int uses(int items) {
        return each == null ? 1 : items;
    }

    static SequencedMap<String, Type.Field> inputs(Offer offer) {
        return fields(offer.skill().input());
    }

    private static SequencedMap<String, Type.Field> fields(Type type) {
        return type instanceof Type.Struct(var fields, _) ? fields : Collections.emptySortedMap();
    }

    private static SequencedMap<String, Condition> required(
            Offer offer, SequencedMap<String, String> given) {
        var needs = new LinkedHashMap<String, Condition>();
        inputs(offer)
                .forEach((name, field) -> {
                    if (field.required() && !given.containsKey(name)) {
                        needs.put(name, new Condition(name, field.type()));
                    }
                });
        return needs;
    }
}
