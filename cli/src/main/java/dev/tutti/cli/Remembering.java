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
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.agent.Remembrance.Memories;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What all of them do: open the store and the memory in it.
@Command(mixinStandardHelpOptions = true, exitCodeListHeading = ExitCode.HEADING)
abstract class Remembering implements Callable<Integer> {
    final Shell shell;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    Remembering(Shell shell) {
        this.shell = shell;
    }

    abstract int with(Tutti tutti, Memories memory) throws IOException, InterruptedException;

    /// Opens the store, which must be there.
    Tutti open() {
        return store.open(shell);
    }

    /// Opens the store, which may not be there yet.
    final Tutti any() {
        return store.any(shell);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var tutti = open().forErrands();
                var memory = memories(tutti)) {
            return with(tutti, memory);
        } catch (Busy busy) {
            throw new Refusal(String.valueOf(busy.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    private Memories memories(Tutti tutti) throws IOException {
        var served = tutti.memoriesOfServer();
        return served.isPresent()
                ? served.get()
                : new MemoryDocuments(
                        LongTermMemory.of(store.folder(shell), TenantId.LOCAL, tutti::reader));
    }

    static Remembrance.Telling telling(Tutti tutti) {
        var topics = tutti.topics();
        var from = "tutti/" + tutti.actor();
        return (type, about, data) ->
                topics.publish(Told.TOPIC, topics.event(from, type, about, null, data));
    }

    /// @throws Refusal when it is not remembered
    static Value.Struct find(Memories memory, String id) throws IOException, InterruptedException {
        return memory.show(id, Instant.now())
                .orElseThrow(() ->
                        new Refusal(
                                "there is no memory `"
                                        + id
                                        + "`; `tutti memory list` lists what there is"));
    }

    static List<Recalled> recalled(Value.Struct document) {
        return document.get("memories") instanceof Value.Array(var items)
                ? items.stream()
                        .filter(Value.Struct.class::isInstance)
                        .map(item -> Recalled.of((Value.Struct) item))
                        .toList()
                : List.of();
    }

    static int count(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Int(var number) ? (int) number : 0;
    }

    static List<String> texts(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Array(var items)
                ? items.stream()
                        .map(item -> item instanceof Value.Text(var text) ? text : "")
                        .toList()
                : List.of();
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
