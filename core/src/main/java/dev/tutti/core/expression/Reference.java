package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import java.util.List;

/// A place in a template that names a variable.
///
/// @param variable its first word, such as `search`
/// @param path the fields and indexes behind it, as far as they are plain: `["passages", "0"]`
/// @param span where in the text of the template
public record Reference(String variable, List<String> path, Fault.Span span) {
    public Reference {
        path = List.copyOf(path);
    }
}
