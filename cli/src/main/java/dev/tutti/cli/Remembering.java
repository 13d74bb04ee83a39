package dev.tutti.cli;

import dev.tutti.Busy;
import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.agents.local.memory.LongTermMemory;
import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.agents.local.memory.MemoryDocuments;
import dev.tutti.agents.local.memory.Told;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What all of them do: open the store and the memory in it.
@Command(mixinStandardHelpOptions = true, exitCodeListHeading = ExitCode.HEADING)
abstract class Remembering implements Callable<Integer> {
    final Shell shell;

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    Remembering(Shell shell) {
        this.shell = shell;
    }

    abstract int with(Tutti tutti, LongTermMemory memory) throws IOException, InterruptedException;

    /// The folder of the store.
    Path folder() {
        return store.existing(shell);
    }

    /// The folder of the store, which may not be there yet.
    final Path anyFolder() {
        return store.folder(shell);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = folder();
        try (var tutti = Tutti.open(folder).forErrands()) {
            try (var memory = LongTermMemory.of(folder, TenantId.LOCAL, tutti::reader)) {
                return with(tutti, memory);
            }
        } catch (Busy busy) {
            throw new Refusal(String.valueOf(busy.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    static void tell(Tutti tutti, String type, @Nullable String about, Value data)
            throws InterruptedException {
        var topics = tutti.topics();
        var from = "tutti/" + System.getProperty("user.name", "someone");
        topics.publish(Told.TOPIC, topics.event(from, type, about, null, data));
    }

    final Recalled find(LongTermMemory memory, String id) throws IOException, InterruptedException {
        return memory.memory(id, Instant.now())
                .orElseThrow(() ->
                        new Refusal(
                                "there is no memory `"
                                        + id
                                        + "`; `tutti memory list` lists what there is"));
    }

    /// The same as programs are told it.
    static MemoryDocuments documents(LongTermMemory memory) {
        return new MemoryDocuments(memory);
    }

    final void print(Value.Struct document) {
        shell.print(
                List.of(Json.pretty(Value.struct("format", RunDocument.FORMAT).with(document))));
    }

    /// So many memories, in words.
    static String memories(int count) {
        return count == 1 ? "1 memory" : Figures.count(count) + " memories";
    }
}
