package dev.tutti.core.run;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.Value;

/// What an attempt asks a person, as the subject of a question.
final class Consultation {
    private static final String NAME = "name";

    private Consultation() {}

    static Value.Struct subject(String name, Value about) {
        return Value.struct(NAME, Value.text(name), "about", about);
    }

    /// The name under which it was asked.
    static String name(Question question) {
        return question.subject() instanceof Value.Struct struct
                        && struct.get(NAME) instanceof Value.Text(var name)
                ? name
                : "";
    }
}
