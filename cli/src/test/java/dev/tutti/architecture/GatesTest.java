package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every gate holds for what we ship, and bites its canaries.
class GatesTest {

    private static final JavaClasses SHIPPED =
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("dev.tutti");
    private static final JavaClasses CANARIES =
            new ClassFileImporter().importPackages(GatesTest.class.getPackageName() + ".canary");

    static Stream<Gate> gates() {
        return Gates.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("gates")
    void what_we_ship_passes_the_gate(Gate gate) {
        assertThat(gate.breaches(SHIPPED)).as("breaches of the gate: %s", gate).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("gates")
    void the_gate_bites_each_of_its_canaries(Gate gate) {
        var breaches = gate.breaches(CANARIES);
        assertThat(gate.canaries())
                .isNotEmpty()
                .allSatisfy(canary ->
                        assertThat(breaches)
                                .as("breaches of %s", canary)
                                .anyMatch(
                                        breach -> breach.matches("(?s).*\\b" + canary + "\\b.*")));
    }

    @Test
    void no_canary_sings_in_vain() {
        var named = gates().flatMap(gate -> gate.canaries().stream()).toList();
        var canaries =
                CANARIES.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> !name.equals("package-info"));
        assertThat(canaries).filteredOn(name -> !BYSTANDERS.contains(name)).isSubsetOf(named);
    }

    /// What canaries need beside them to break a rule.
    private static final List<String> BYSTANDERS = List.of("Budget", "Canaries");

    @Test
    void every_module_is_in_sight() {
        assertThat(
                        List.of(
                                "core.event",
                                "runtime.journal",
                                "agents",
                                "agents.local",
                                "agents.tools",
                                "server",
                                "telemetry",
                                "cli"))
                .allSatisfy(part ->
                        assertThat(SHIPPED)
                                .anyMatch(one ->
                                        one.getPackageName().startsWith("dev.tutti." + part)));
        assertThat(SHIPPED)
                .noneMatch(one -> one.getPackageName().startsWith("dev.tutti.architecture"));
    }
}
