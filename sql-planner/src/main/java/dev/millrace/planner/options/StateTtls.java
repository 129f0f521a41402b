// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.options;

import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.Step;
import java.util.List;

/** What the user should know of how long state is kept. */
public final class StateTtls {
    private StateTtls() {}

    /** Warns if the job says how long state is kept and keeps some until its input has ended. */
    public static List<String> warnings(JobPlan plan) {
        boolean untilTheEnd = plan.stages().stream().flatMap(stage -> stage.steps().stream()).anyMatch(
                step -> step instanceof Step.Aggregate aggregate && keepsUntilTheEnd(aggregate)
                        || step instanceof Step.Normalize normalize && normalize.emit() == Emit.FINAL);
        return untilTheEnd && StateTtl.ofJob(plan.options()) != null
                ? List.of("option 'state.ttl' has no effect on a query that gives its results when the input has"
                        + " ended: it needs its state until then")
                : List.of();
    }

    private static boolean keepsUntilTheEnd(Step.Aggregate aggregate) {
        return aggregate.window() == null && aggregate.emit() == Emit.FINAL;
    }
}
