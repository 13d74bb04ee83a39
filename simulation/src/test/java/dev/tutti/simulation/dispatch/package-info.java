/// How well tasks are given away: learned dispatch on answers that real models gave, the order of
/// ready tasks on workflows that were really run, and fairness among tenants.
@NullMarked
package dev.tutti.simulation.dispatch;

import org.jspecify.annotations.NullMarked;
