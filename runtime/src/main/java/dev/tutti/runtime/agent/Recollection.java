package dev.tutti.runtime.agent;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.util.List;

/// Looks for what is remembered of earlier runs, for attempts that are to be given it.
@FunctionalInterface
public interface Recollection {
    /// Where nothing can be remembered.
    Recollection NONE =
            (_, _, _, _) -> {
                throw nothing();
            };

    /// Says why nothing can be.
    static IllegalArgumentException nothing() {
        return new IllegalArgumentException(
                "nothing can be recalled here: `tutti-agents-local` is not on the class path");
    }

    /// The memories of a tenant that bear most on a query, the best first.
    ///
    /// @throws IllegalArgumentException when the query makes no sense, or nothing can be remembered
    List<Value.Struct> search(TenantId tenant, String query, Remembrance.Which which, int most)
            throws IOException, InterruptedException;
}
