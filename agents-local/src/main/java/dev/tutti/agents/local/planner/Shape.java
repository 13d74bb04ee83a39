package dev.tutti.agents.local.planner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which skills a plan uses, and which of them follow on one another.
///
/// @param skills each once, none before what it follows on
/// @param links between them
record Shape(List<String> skills, Set<Link> links) {

    /// One skill builds on another.
    record Link(String from, String to) {}

    Shape {
        skills = List.copyOf(skills);
        links = Collections.unmodifiableSet(new LinkedHashSet<>(links));
    }

    /// Skills one after the other; one that comes again counts where it came first.
    static Shape chain(List<String> skills) {
        var once = List.copyOf(new LinkedHashSet<>(skills));
        var links = new LinkedHashSet<Link>();
        for (int i = 1; i < once.size(); i++) {
            links.add(new Link(once.get(i - 1), once.get(i)));
        }
        return new Shape(once, links);
    }

    /// This plan without a skill: what followed on it follows on what it followed on.
    Shape without(String skill) {
        var rest = new ArrayList<>(skills);
        rest.remove(skill);
        var kept = new LinkedHashSet<Link>();
        for (var link : links) {
            if (link.to().equals(skill)) {
                links.stream()
                        .filter(next -> next.from().equals(skill))
                        .forEach(next -> kept.add(new Link(link.from(), next.to())));
            } else if (!link.from().equals(skill)) {
                kept.add(link);
            }
        }
        return new Shape(rest, kept);
    }

    /// This plan with a skill more, between what is at the place and what is before it.
    Shape with(String skill, int place) {
        var more = new ArrayList<>(skills);
        more.add(place, skill);
        var kept = new LinkedHashSet<>(links);
        var before = place == 0 ? null : skills.get(place - 1);
        var behind = place == skills.size() ? null : skills.get(place);
        if (before != null) {
            kept.add(new Link(before, skill));
        }
        if (behind != null && (before == null || kept.remove(new Link(before, behind)))) {
            kept.add(new Link(skill, behind));
        }
        return new Shape(more, kept);
    }

    /// Of the skills and links of both, twice the share that they have in common (F1), from 0 to 2.
    double agreement(Shape other) {
        return f1(skills, other.skills) + f1(links, other.links);
    }

    /// Nothing at all agrees with nothing at all.
    private static double f1(Collection<?> one, Collection<?> other) {
        int all = one.size() + other.size();
        return all == 0 ? 1 : 2.0 * one.stream().filter(other::contains).count() / all;
    }
}
