package dev.tutti.server.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Places for the tasks of a plan: layers by the longest way from a task without dependencies,
/// within a layer in the order that crosses fewest lines (barycentre sweeps, after Sugiyama, Tagawa
/// and Toda, 1981). A line that skips layers is given a lane of its own in each of them, so that it
/// passes between the tasks.
final class GraphLayout {
    private static final int SWEEPS = 6;

    private final SequencedMap<String, List<String>> dependencies;
    private final Sizes sizes;
    private final Map<String, Integer> layers = new HashMap<>();
    private final List<List<Slot>> slots = new ArrayList<>();
    private final Map<String, Slot> byName = new LinkedHashMap<>();
    private double height;

    /// How large everything is.
    ///
    /// @param node height of a task
    /// @param lane height of a line that passes
    /// @param between the gap below each
    record Sizes(double node, double lane, double between) {}

    /// A task, or a line that passes, in its layer.
    private static final class Slot {
        final String name;
        final boolean lane;
        final int layer;
        final List<Slot> before = new ArrayList<>();
        final List<Slot> after = new ArrayList<>();
        double order;
        double middle;

        Slot(String name, boolean lane, int layer) {
            this.name = name;
            this.lane = lane;
            this.layer = layer;
        }
    }

    /// @param dependencies of each task, in the order of the plan
    GraphLayout(SequencedMap<String, List<String>> dependencies, Sizes sizes) {
        this.dependencies = dependencies;
        this.sizes = sizes;
        dependencies.keySet().forEach(this::layer);
        fill();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            sort(sweep % 2 == 0);
        }
        place();
    }

    /// The layer of a task, from 0.
    int layer(String name) {
        var known = layers.get(name);
        if (known != null) {
            return known;
        }
        int layer = 0;
        for (var dependency : dependencies.getOrDefault(name, List.of())) {
            layer = Math.max(layer, layer(dependency) + 1);
        }
        layers.put(name, layer);
        return layer;
    }

    int depth() {
        return slots.size();
    }

    double height() {
        return height;
    }

    /// The middle of a task, from the top.
    double middle(String name) {
        return slot(name).middle;
    }

    /// The middles of the lanes that the line between two tasks takes, layer by layer.
    List<Double> lanes(String from, String to) {
        var lanes = new ArrayList<Double>();
        for (int layer = layer(from) + 1; layer < layer(to); layer++) {
            lanes.add(slot(lane(from, to, layer)).middle);
        }
        return lanes;
    }

    private Slot slot(String name) {
        var slot = byName.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("no task " + name);
        }
        return slot;
    }

    private static String lane(String from, String to, int layer) {
        return from + ">" + to + ">" + layer;
    }

    private void fill() {
        dependencies.keySet().forEach(name -> add(new Slot(name, false, layer(name))));
        dependencies.forEach((to, all) -> all.forEach(from -> connect(from, to)));
    }

    private void add(Slot slot) {
        while (slots.size() <= slot.layer) {
            slots.add(new ArrayList<>());
        }
        slots.get(slot.layer).add(slot);
        byName.put(slot.name, slot);
    }

    private void connect(String from, String to) {
        var last = slot(from);
        for (int layer = layer(from) + 1; layer < layer(to); layer++) {
            var lane = new Slot(lane(from, to, layer), true, layer);
            add(lane);
            join(last, lane);
            last = lane;
        }
        join(last, slot(to));
    }

    private static void join(Slot from, Slot to) {
        from.after.add(to);
        to.before.add(from);
    }

    private void sort(boolean forward) {
        slots.forEach(GraphLayout::number);
        for (int i = 0; i < slots.size(); i++) {
            var layer = slots.get(forward ? i : slots.size() - 1 - i);
            layer.forEach(slot ->
                    slot.order = barycentre(forward ? slot.before : slot.after, slot.order));
            layer.sort(Comparator.comparingDouble(slot -> slot.order));
            number(layer);
        }
    }

    private static void number(List<Slot> layer) {
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).order = (i + 0.5) / layer.size();
        }
    }

    private static double barycentre(List<Slot> neighbours, double otherwise) {
        return neighbours.stream().mapToDouble(slot -> slot.order).average().orElse(otherwise);
    }

    private void place() {
        height = slots.stream().mapToDouble(this::taken).max().orElse(0);
        for (var layer : slots) {
            double top = (height - taken(layer)) / 2;
            for (var slot : layer) {
                double size = slot.lane ? sizes.lane : sizes.node;
                slot.middle = top + size / 2;
                top += size + sizes.between;
            }
        }
    }

    private double taken(List<Slot> layer) {
        return layer.stream()
                        .mapToDouble(slot -> (slot.lane ? sizes.lane : sizes.node) + sizes.between)
                        .sum()
                - sizes.between;
    }
}
