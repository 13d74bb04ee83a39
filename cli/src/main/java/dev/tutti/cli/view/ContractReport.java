package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.document.ContractsDocument;
import dev.tutti.view.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A workflow without a plan before it is begun: who says what to whom.
public final class ContractReport {
    private final Workflow workflow;
    private final Choreography choreography;
    private final ContractsDocument contracts;
    private final List<Agent> dancers;
    private final Set<String> types;

    public ContractReport(Team team, Workflow workflow, Choreography choreography) {
        this.workflow = workflow;
        this.choreography = choreography;
        contracts = ContractsDocument.of(team, workflow, choreography);
        dancers = contracts.dancers();
        types = contracts.types();
    }

    // ---- for people

    public List<String> lines(Screen screen) {
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add("contracts of ")
                        .add(Ink.BOLD, workflow.name())
                        .add("   " + Figures.count(dancers.size(), "agent"))
                        .show(screen, screen.most()));
        lines.add("");
        for (var type : types) {
            type(lines, type, screen);
        }
        lines.add("");
        lines.add(
                new Line()
                        .add("over when ")
                        .add(
                                choreography.until() == null
                                        ? "all is quiet"
                                        : choreography.until() + " holds")
                        .show(screen, screen.most()));
        for (var one : choreography.expectations()) {
            lines.add(
                    new Line()
                            .add("upon ")
                            .add(Ink.BOLD, one.after())
                            .add(" must follow ")
                            .add(Ink.BOLD, one.then())
                            .add(" within " + Figures.took(one.within()))
                            .show(screen, screen.most()));
        }
        return lines;
    }

    private void type(List<String> lines, String type, Screen screen) {
        var heard = dancers.stream().filter(agent -> agent.contract().follows(type)).toList();
        if (type.equals(Choreography.UNANSWERED) && heard.isEmpty()) {
            return;
        }
        lines.add(
                new Line()
                        .add(Ink.BOLD, type)
                        .add(Ink.DIM, "   said " + speakers(type))
                        .show(screen, screen.most()));
        for (var agent : heard) {
            for (var reaction : agent.contract().reactions()) {
                if (reaction.to().equals(type)) {
                    lines.add(
                            new Line()
                                    .add("  " + agent.id() + part(agent, reaction))
                                    .add(Ink.DIM, says(agent.contract()))
                                    .show(screen, screen.most()));
                }
            }
        }
        if (heard.isEmpty()) {
            lines.add(new Line().add(Ink.DIM, "  nobody takes it up: an end").show(screen));
        }
    }

    private String speakers(String type) {
        var who = new ArrayList<String>();
        if (choreography.openings().stream().anyMatch(one -> one.type().equals(type))) {
            who.add("first");
        }
        if (type.equals(Choreography.UNANSWERED)) {
            who.add("of what nobody takes up");
        }
        for (var agent : dancers) {
            if (agent.contract().emissions().stream().anyMatch(one -> one.type().equals(type))) {
                who.add("by " + agent.id());
            }
        }
        return String.join(", ", who);
    }

    private static String part(Agent agent, Contract.Reaction reaction) {
        return (reaction.role().equals(agent.id().value()) ? "" : " as " + reaction.role())
                + (reaction.where() == null ? "" : " if " + reaction.where());
    }

    private static String says(Contract contract) {
        var said =
                contract.emissions().stream()
                        .map(one -> one.type() + (one.when() == null ? "" : " if " + one.when()))
                        .toList();
        return said.isEmpty() ? "" : " → " + String.join(", ", said);
    }

    // ---- for viewers

    /// As a flowchart of Mermaid: messages are rounded, agents are boxes, dotted arrows have a
    /// condition.
    public List<String> mermaid() {
        var lines = new ArrayList<String>();
        lines.add("flowchart LR");
        for (var type : types) {
            if (!type.equals(Choreography.UNANSWERED)
                    || dancers.stream().anyMatch(agent -> agent.contract().follows(type))) {
                lines.add("  " + message(type) + "([\"" + type + "\"])");
            }
        }
        for (var agent : dancers) {
            lines.add("  a_" + agent.id() + "[\"" + agent.id() + "\"]");
            for (var reaction : agent.contract().reactions()) {
                if (types.contains(reaction.to())) {
                    lines.add(
                            "  "
                                    + message(reaction.to())
                                    + arrow(reaction.where())
                                    + "a_"
                                    + agent.id());
                }
            }
            for (var emission : agent.contract().emissions()) {
                lines.add("  a_" + agent.id() + arrow(emission.when()) + message(emission.type()));
            }
        }
        return lines;
    }

    private static String arrow(@Nullable String condition) {
        return condition == null ? " --> " : " -.-> ";
    }

    private static String message(String type) {
        return "m_" + type.replace('.', '_');
    }

    // ---- for programs

    public Value.Struct document() {
        return contracts.document();
    }
}
