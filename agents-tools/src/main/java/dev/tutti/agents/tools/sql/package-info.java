/// Tools that ask a database: any question, questions that a team file declares, and changes where
/// it grants them.
///
/// Values are always bound, never written into a statement. That nothing is changed is kept by the
/// connection; that one statement runs, and of which kind, is looked at before.
@NullMarked
package dev.tutti.agents.tools.sql;

import org.jspecify.annotations.NullMarked;
