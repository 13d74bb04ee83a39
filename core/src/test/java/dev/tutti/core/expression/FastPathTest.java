package dev.tutti.core.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// CEL costs half a second when it is first used: what needs it not must not load it.
class FastPathTest {

    /// Runs in a process of its own.
    static final class PathsAlone {
        private PathsAlone() {}

        public static void main(String[] args) {
            var expressions = new Expressions();
            Scope scope = name -> Value.struct(name, Value.array(Value.of(1)));
            System.out.println(expressions.render("x ${a.a[0]} ${'l'} ${b[\"b\"]}", scope));
            System.out.println(expressions.check("${a.b} ${3}", _ -> Type.Any.ANY));
            System.out.println(expressions.references("${a.b}") + " " + expressions.faults("${a"));
        }
    }

    @Test
    void paths_and_literals_load_no_class_of_cel() throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                PathsAlone.class.getName())
                        .redirectErrorStream(true)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output).contains("Text[value=x 1 l [1]]").contains("core.expression.Path ");
        assertThat(output.lines().filter(line -> line.contains("[class,load]")))
                .noneMatch(line -> line.contains(" dev.cel.") || line.contains(" com.google."));
    }
}
