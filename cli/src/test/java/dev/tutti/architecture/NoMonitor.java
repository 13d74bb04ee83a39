package dev.tutti.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;

/// Neither `synchronized` methods nor blocks. ArchUnit does not see the blocks, so this reads the
/// class file.
final class NoMonitor extends ArchCondition<JavaClass> {

    NoMonitor() {
        super("not synchronize");
    }

    @Override
    public void check(JavaClass user, ConditionEvents events) {
        var file = user.getSource().orElseThrow().getUri();
        for (var method : ClassFile.of().parse(read(file)).methods()) {
            if (synchronizes(method)) {
                var where = user.getName() + "." + method.methodName().stringValue();
                events.add(SimpleConditionEvent.violated(user, where + " synchronizes"));
            }
        }
    }

    private static boolean synchronizes(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .anyMatch(element -> element instanceof MonitorInstruction);
    }

    private static byte[] read(URI file) {
        try (var stream = file.toURL().openStream()) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
