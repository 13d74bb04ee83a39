package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import java.util.Set;
import java.util.regex.Pattern;

/// How much a command may take in its sandbox.
///
/// @param memory bytes, of one process and of all together
/// @param cpu seconds of processor time, of one process and of all together
/// @param processes at once, threads counted as the kernel does
/// @param file bytes of one file
/// @param open open files of one process
/// @param disk bytes of all files in its workspace and its temporary folders
/// @param entries files and folders there
record Limits(
        long memory, long cpu, long processes, long file, long open, long disk, long entries) {
    private static final long MIB = 1L << 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9}) ?([KMG])i?B");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})([smh])");
    private static final Set<String> NAMES =
            Set.of("memory", "cpu", "processes", "file", "open", "disk", "entries");

    static final Limits USUAL =
            new Limits(2048 * MIB, 3_600, 256, 1024 * MIB, 1_024, 2048 * MIB, 100_000);

    /// @throws IllegalArgumentException saying which is wrong and what to write
    static Limits of(Value.Struct given) {
        for (var name : given.fields().keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "`with.limits` knows "
                                + NAMES.stream().sorted().toList()
                                + ", not `"
                                + name
                                + "`");
            }
        }
        return new Limits(
                size(given, "memory", USUAL.memory),
                seconds(given, USUAL.cpu),
                count(given, "processes", USUAL.processes),
                size(given, "file", USUAL.file),
                count(given, "open", USUAL.open),
                size(given, "disk", USUAL.disk),
                count(given, "entries", USUAL.entries));
    }

    private static long size(Value.Struct given, String name, long usual) {
        var value = given.get(name);
        if (value == null) {
            return usual;
        }
        if (value instanceof Value.Text(var text)) {
            var parts = SIZE.matcher(text);
            if (parts.matches()) {
                int shift =
                        switch (parts.group(2)) {
                            case "K" -> 10;
                            case "M" -> 20;
                            default -> 30;
                        };
                return atLeastOne(name, Long.parseLong(parts.group(1))) << shift;
            }
        }
        throw new IllegalArgumentException(
                "`with.limits." + name + "` is a size such as 512MB or 2GB");
    }

    private static long seconds(Value.Struct given, long usual) {
        var value = given.get("cpu");
        if (value == null) {
            return usual;
        }
        if (value instanceof Value.Text(var text)) {
            var parts = SECONDS.matcher(text);
            if (parts.matches()) {
                int unit =
                        switch (parts.group(2)) {
                            case "s" -> 1;
                            case "m" -> 60;
                            default -> 3_600;
                        };
                return atLeastOne("cpu", Long.parseLong(parts.group(1))) * unit;
            }
        }
        throw new IllegalArgumentException(
                "`with.limits.cpu` is processor time such as 30s or 10m");
    }

    private static long count(Value.Struct given, String name, long usual) {
        return switch (given.get(name)) {
            case null -> usual;
            case Value.Int(var n) when n <= Integer.MAX_VALUE -> atLeastOne(name, n);
            default ->
                    throw new IllegalArgumentException(
                            "`with.limits." + name + "` is a whole number, at least 1");
        };
    }

    private static long atLeastOne(String name, long number) {
        if (number < 1) {
            throw new IllegalArgumentException("`with.limits." + name + "` is at least 1");
        }
        return number;
    }
}
