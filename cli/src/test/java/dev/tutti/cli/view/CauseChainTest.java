package dev.tutti.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.terminal.Screen;
import org.junit.jupiter.api.Test;

class CauseChainTest {

    @Test
    void causes_are_a_chain_each_line_one_fact() {
        var disk = new IllegalStateException("the disk is full");
        var commit = new IllegalStateException("could not commit: the disk is full", disk);
        var engine = new IllegalStateException("the engine stopped", commit);
        assertThat(
                        CauseChain.lines(
                                "run 01JD could not go on",
                                engine,
                                "tutti doctor",
                                Screen.file(true)))
                .containsExactly(
                        "× run 01JD could not go on",
                        "├─▶ the engine stopped",
                        "├─▶ could not commit",
                        "╰─▶ the disk is full",
                        "  help: tutti doctor");
        assertThat(CauseChain.lines("no\u001b[2J", disk, "", Screen.file(false)))
                .containsExactly("x no\\x1b[2J", "`-> the disk is full");
    }
}
