package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Where answers come from in the end: two pages of one document, or one report printed by two
/// papers, are one origin, and what rests on it is said once.
final class Origins {
    private static final Pattern SCHEME = Pattern.compile("^[a-z][a-z0-9+.-]*://(www\\.)?");
    private static final Pattern PLACE = Pattern.compile("([#?].*|:\\d+(-\\d+)?|/+)$");

    /// Fields of a source that say where it is from; `origin` says it outright.
    private static final List<String> NAMES = List.of("origin", "source", "url", "uri", "id");

    /// Shorter texts are alike by chance.
    private static final int LONG_ENOUGH = 40;

    private Origins() {}

    /// What each answer counts, by its place: answers that rest on one origin share one voice.
    ///
    /// An answer that names no source stands for itself. Where all rest on the same, what differs
    /// is how it was read, and each reader has a voice.
    static double[] voices(List<Given> answers) {
        var component = components(answers);
        var sizes = new int[answers.size()];
        for (int one : component) {
            sizes[one]++;
        }
        var voices = new double[answers.size()];
        for (int i = 0; i < voices.length; i++) {
            int size = sizes[component[i]];
            voices[i] = size == voices.length ? 1 : 1.0 / size;
        }
        return voices;
    }

    /// For each answer, the first one that it is connected with by shared origins.
    private static int[] components(List<Given> answers) {
        var parent = new int[answers.size()];
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
            for (var origin : of(answers.get(i))) {
                var other = first.putIfAbsent(origin, i);
                if (other != null) {
                    int one = root(parent, other);
                    int two = root(parent, i);
                    parent[Math.max(one, two)] = Math.min(one, two);
                }
            }
        }
        for (int i = 0; i < parent.length; i++) {
            parent[i] = root(parent, i);
        }
        return parent;
    }

    private static int root(int[] parent, int of) {
        int at = of;
        while (parent[at] != at) {
            at = parent[at];
        }
        return at;
    }

    /// What the sources of an answer go back to.
    static Set<String> of(Given given) {
        var origins = new LinkedHashSet<String>();
        for (var source : given.sources()) {
            switch (source) {
                case Value.Text(var text) -> add(origins, text);
                case Value.Struct struct -> {
                    for (var name : NAMES) {
                        if (struct.get(name) instanceof Value.Text(var text)) {
                            add(origins, text);
                            break;
                        }
                    }
                    if (struct.get("text") instanceof Value.Text text
                            && text.value().length() >= LONG_ENOUGH) {
                        origins.add("\"" + Likeness.Wording.plain(text));
                    }
                }
                case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Array _ -> {}
            }
        }
        return origins;
    }

    /// A source without how it is fetched and which part of it is meant.
    private static void add(Set<String> origins, String source) {
        var bare = SCHEME.matcher(source.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        bare = PLACE.matcher(bare).replaceFirst("");
        if (!bare.isEmpty()) {
            origins.add(bare);
        }
    }

    /// The names of the sources of several answers, each once, in the order in which they come.
    static List<String> named(List<Given> answers) {
        var names = new LinkedHashSet<String>();
        for (var given : answers) {
            for (var source : given.sources()) {
                if (source instanceof Value.Text(var text)) {
                    names.add(text);
                } else if (source instanceof Value.Struct struct) {
                    NAMES.stream()
                            .map(struct::get)
                            .filter(Value.Text.class::isInstance)
                            .findFirst()
                            .ifPresent(name -> names.add(((Value.Text) name).value()));
                }
            }
        }
        return new ArrayList<>(names);
    }
}
