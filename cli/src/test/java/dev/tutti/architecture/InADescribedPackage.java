package dev.tutti.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/// The package of the class has a `package-info.java` that is `@NullMarked`.
final class InADescribedPackage extends ArchCondition<JavaClass> {

    InADescribedPackage() {
        super("be in a package with a package-info that is @NullMarked");
    }

    @Override
    public void check(JavaClass one, ConditionEvents events) {
        if (!one.getPackage().isAnnotatedWith(NullMarked.class)) {
            events.add(
                    SimpleConditionEvent.violated(
                            one,
                            one.getName()
                                    + " is in a package without @NullMarked in a package-info.java"));
        }
    }
}
