package dev.tutti.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Where the log goes, and whatever else libraries and agents print: to a file in the store, so
/// that it never breaks what is shown nor what programs read. With TUTTI_LOG set, or before there
/// is a store, to standard error.
final class Log extends OutputStream {
    private static final Log ONLY = new Log();
    private static final String FILE = "tutti.log";
    private static final long LARGEST = 8L << 20;

    private volatile @Nullable Path store;
    private @Nullable OutputStream open;

    private Log() {}

    /// Takes over the streams that libraries print to. Results go past them, see [Shell#ofProcess].
    static void takeOver() {
        var stream = new PrintStream(ONLY, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    /// Names the store whose log it is.
    static void to(Path store) {
        ONLY.store = store;
    }

    /// Where to look.
    static String place() {
        var folder = ONLY.store;
        return folder != null && Files.isDirectory(folder)
                ? folder.resolve(FILE).toString()
                : "above";
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        var stream = open;
        if (stream == null) {
            stream = opened();
            open = stream;
        }
        stream.write(bytes, offset, length);
        stream.flush();
    }

    private OutputStream opened() throws IOException {
        var folder = store;
        if (folder == null
                || !Files.isDirectory(folder)
                || !System.getenv().getOrDefault("TUTTI_LOG", "").isEmpty()) {
            return new FileOutputStream(FileDescriptor.err);
        }
        var file = folder.resolve(FILE);
        if (Files.exists(file) && Files.size(file) > LARGEST) {
            Files.move(file, folder.resolve(FILE + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
