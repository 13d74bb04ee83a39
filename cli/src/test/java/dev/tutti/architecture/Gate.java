package dev.tutti.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

/// A rule of the architecture, and what shows that it bites.
///
/// @param name the rule in a few words
/// @param canaries simple names of classes below `canary`, each of which breaks the rule
record Gate(String name, ArchRule rule, List<String> canaries) {

    Gate(String name, List<ArchRule> rules, List<String> canaries) {
        this(name, CompositeArchRule.of(rules), canaries);
    }

    /// Each breach in a line of its own.
    List<String> breaches(JavaClasses classes) {
        return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
    }

    @Override
    public String toString() {
        return name;
    }
}
