package dev.tutti.architecture.canary.core.event;

import dev.tutti.architecture.canary.core.plan.PlanManager;

record EventThatKnowsThePlan(PlanManager plan) {}
