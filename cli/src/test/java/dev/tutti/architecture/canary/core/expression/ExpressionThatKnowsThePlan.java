package dev.tutti.architecture.canary.core.expression;

import dev.tutti.architecture.canary.core.plan.PlanManager;

record ExpressionThatKnowsThePlan(PlanManager plan) {}
