package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Meant.Near;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.agent.Meaning;
import dev.tutti.view.Figures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the skill that stands for one which no agent has: the nearest in meaning of those that
/// agents have, by the embedding of its name and description.
///
/// What was found once for a team is told beforehand and not looked for again, so that the model is
/// asked when a team or a plan comes in and never when it is read from the journal.
public final class NearestSkills {

    /// How near a skill must be where the team does not say.
    static final double ABOVE = 0.6;

    /// How much nearer than the next it must be: where two are as near, nobody can say which is
    /// meant.
    static final double MARGIN = 0.05;

    /// The most skills that are compared.
    static final int MOST = 1_000;

    /// The most names of one file or plan that are looked for, since each takes some milliseconds.
    static final int MOST_TAKEN = 500;

    /// The most for which the nearest are named, where none is taken: whoever reads that has seen
    /// enough.
    static final int MOST_HELPED = 20;

    /// Less than this is no hint where nobody asked for a match: a name says little by itself.
    private static final double HINT = 0.3;

    /// How many are named where none is taken.
    private static final int NAMED = 3;

    private final Map<SkillId, Skill> declared = new LinkedHashMap<>();
    private final SequencedMap<String, Skill> offered = new LinkedHashMap<>();
    private final @Nullable Double above;
    private final Map<String, Meant> found = new LinkedHashMap<>();
    private final Map<String, SkillId> taken = new LinkedHashMap<>();
    private int takes;
    private final Map<String, String> helped = new LinkedHashMap<>();

    private NearestSkills(List<Skill> skills, List<Agent> agents, @Nullable Double above) {
        skills.forEach(skill -> declared.put(skill.id(), skill));
        for (var agent : agents) {
            for (var id : agent.skills()) {
                offered.put(id.value(), declared.getOrDefault(id, Skill.undeclared(id)));
            }
        }
        this.above = above;
    }

    /// The skills of a team.
    public static NearestSkills of(Team team) {
        return new NearestSkills(team.skills(), team.agents(), team.terms().above());
    }

    /// The skills of a team that is still being read.
    ///
    /// @param above how near a skill must be to be taken, or null where names alone decide
    static NearestSkills of(List<Skill> skills, List<Agent> agents, @Nullable Double above) {
        return new NearestSkills(skills, agents, above);
    }

    /// What stands for what, as it was found before; what agents do not have is looked for anew.
    NearestSkills knowing(Map<String, Pin> pins) {
        pins.forEach((asked, pin) -> {
            if (offered.containsKey(pin.skill().value())) {
                found.put(asked, pin.meant());
                taken.put(asked, pin.skill());
            }
        });
        return this;
    }

    /// A skill that was taken for what was asked for.
    public record Pin(SkillId skill, Meant meant) {}

    /// All that were taken so far, by what was asked for.
    SequencedMap<String, Pin> pins() {
        var pins = new LinkedHashMap<String, Pin>();
        found.forEach((asked, meant) -> {
            var skill = taken.get(asked);
            if (skill != null) {
                pins.put(asked, new Pin(skill, meant));
            }
        });
        return pins;
    }

    /// Whether an agent has a skill of this name.
    boolean isOffered(String name) {
        return offered.containsKey(name);
    }

    /// The names of the skills that agents have.
    List<String> names() {
        return List.copyOf(offered.keySet());
    }

    /// Whether the team declares a skill of this name.
    boolean isDeclared(String name) {
        return declared.values().stream().anyMatch(skill -> skill.id().value().equals(name));
    }

    /// Whether the team asks for skills to be found by meaning.
    boolean isAsked() {
        return above != null;
    }

    /// The skill that stands for what is asked for, if the team wants one to and one is near
    /// enough.
    public Optional<Pin> take(String asked) {
        var known = taken.get(asked);
        var meant = found.get(asked);
        if (known != null && meant != null) {
            return Optional.of(new Pin(known, meant));
        }
        if (above == null || takes++ >= MOST_TAKEN) {
            return Optional.empty();
        }
        var near = nearest(asked);
        var next = near.size() > 1 ? near.get(1) : null;
        if (near.isEmpty()
                || near.getFirst().similarity() < above
                || (next != null && near.getFirst().similarity() - next.similarity() < MARGIN)) {
            return Optional.empty();
        }
        var pin =
                new Pin(
                        near.getFirst().skill(),
                        new Meant(asked, near.getFirst().similarity(), next));
        found.put(asked, pin.meant());
        taken.put(asked, pin.skill());
        return Optional.of(pin);
    }

    /// What to do about a skill that no agent has, or null where nothing can be said: the nearest
    /// by name, or else the three nearest in meaning.
    @Nullable String help(String asked) {
        var known = helped.get(asked);
        if (known != null) {
            return known.isEmpty() ? null : known;
        }
        if (hasSaidEnough()) {
            return null;
        }
        var help = mend(asked);
        helped.put(asked, help == null ? "" : help);
        return help;
    }

    /// Whether no further name is looked for to say what is near.
    boolean hasSaidEnough() {
        return helped.size() >= MOST_HELPED;
    }

    private @Nullable String mend(String asked) {
        var spelled = Similar.to(asked, names());
        if (spelled.isPresent()) {
            return "write `" + spelled.get() + "`";
        }
        var near = nearest(asked).stream().limit(NAMED).toList();
        if (above == null && !near.isEmpty() && near.getFirst().similarity() < HINT) {
            return null;
        }
        if (near.isEmpty()) {
            return above == null
                    ? null
                    : Vectors.isHere()
                            ? "no agent has a skill"
                            : "`match: meaning` needs the model of embeddings, which is not here:"
                                    + " name a skill";
        }
        var list =
                near.stream()
                        .map(one ->
                                "`"
                                        + one.skill()
                                        + "` ("
                                        + Figures.similarity(one.similarity())
                                        + ")")
                        .collect(Collectors.joining(", "));
        return "the nearest in meaning " + (near.size() == 1 ? "is " : "are ") + list + why(near);
    }

    private String why(List<Near> near) {
        if (above == null) {
            return "";
        }
        return near.getFirst().similarity() < above
                ? "; one is taken from " + Figures.similarity(above) + " on"
                : "; the first two are too near to one another to say which is meant";
    }

    /// All skills that agents have, the nearest first; empty where no model is here, or there are
    /// too many skills.
    public List<Near> nearest(String asked) {
        if (offered.isEmpty() || offered.size() > MOST || !Vectors.isHere()) {
            return List.of();
        }
        try {
            var vector = Vectors.of(wording(asked));
            var near = new ArrayList<Near>();
            for (var skill : offered.values()) {
                near.add(new Near(skill.id(), similarity(vector, Vectors.of(wording(skill)))));
            }
            near.sort(Comparator.comparingDouble(Near::similarity).reversed());
            return near;
        } catch (IllegalStateException e) {
            return List.of();
        }
    }

    /// What is asked for, with what the team says of it where it declares a skill that nobody has.
    private String wording(String asked) {
        return declared.values().stream()
                .filter(skill -> skill.id().value().equals(asked))
                .findFirst()
                .map(NearestSkills::wording)
                .orElseGet(() -> words(asked));
    }

    private static String wording(Skill skill) {
        var name = words(skill.id().value());
        return skill.description().isBlank() ? name : name + ": " + skill.description();
    }

    /// A name as words: `translateText` and `translate_text` as `translate text`.
    private static String words(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1 $2").replaceAll("[_\\-./]+", " ").strip();
    }

    /// To four digits, so that a journal does not hold what differs from machine to machine.
    private static double similarity(float[] left, float[] right) {
        double product = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
        }
        return Math.round(product * 10_000) / 10_000.0;
    }

    /// Vectors of texts that were looked at lately: a model takes some milliseconds for each.
    private static final class Vectors {
        private static final Optional<Meaning> MODEL =
                ServiceLoader.load(Meaning.class).findFirst();

        private static final Map<String, float[]> KNOWN =
                Collections.synchronizedMap(
                        new LinkedHashMap<>(16, 0.75f, true) {
                            private static final long serialVersionUID = 1L;

                            @Override
                            protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
                                return size() > 2 * MOST;
                            }
                        });

        private static boolean isHere() {
            return MODEL.isPresent();
        }

        private static float[] of(String text) {
            var known = KNOWN.get(text);
            if (known == null) {
                known = MODEL.orElseThrow().of(text);
                KNOWN.put(text, known);
            }
            return known;
        }
    }
}
