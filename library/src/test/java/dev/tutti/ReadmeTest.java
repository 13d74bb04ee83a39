package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What the README shows of the library is what the library does.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Isolated
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void the_java_of_the_readme_compiles_is_short_and_does_what_it_says(@TempDir Path folder)
            throws Exception {
        var java = JAVA.matcher(Files.readString(Path.of("../README.md")));
        assertThat(java.find()).isTrue();
        var source = java.group(1).replace("\".tutti\"", "\"" + folder.resolve("store") + "\"");
        compile(source, folder);

        var printed = new ByteArrayOutputStream();
        var stdout = System.out;
        try (var loader = new URLClassLoader(new java.net.URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            var main = loader.loadClass("Hello").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(stdout);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("HELLO WORLD");
        assertThat(
                        source.substring(source.indexOf("void main"))
                                .lines()
                                .filter(line -> line.contains(";")))
                .hasSizeLessThan(15);
    }

    private static void compile(String source, Path to) {
        var unit =
                new SimpleJavaFileObject(
                        URI.create("string:///Hello.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var options = List.of("-d", to.toString(), "-cp", System.getProperty("java.class.path"));
        var done =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, diagnostics, options, null, List.of(unit))
                        .call();
        assertThat(done).as(diagnostics.getDiagnostics().toString()).isTrue();
    }
}
