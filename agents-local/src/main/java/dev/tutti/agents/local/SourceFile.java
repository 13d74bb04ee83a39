package dev.tutti.agents.local;

import java.nio.file.Path;
import java.util.Locale;

/// A file of a folder that may be read.
///
/// @param path where it is
/// @param source its path relative to the folder, with `/`
/// @param size in bytes
/// @param modified milliseconds since the epoch
record SourceFile(Path path, String source, long size, long modified) {

    /// The ending of its name in lower case, without the dot; empty where there is none.
    String extension() {
        int dot = source.lastIndexOf('.');
        return dot <= source.lastIndexOf('/')
                ? ""
                : source.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
