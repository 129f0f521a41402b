// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of a job's state under another plan. A function of the two plans; says what would be lost before anything
 * is done.
 *
 * @param changes all parts of the state, those of the new plan in its order, then those that are gone
 * @param stages by stage of the new plan, where it finds its state
 */
public record Upgrade(List<StateChange> changes, List<StageUpgrade> stages) {
    public Upgrade {
        changes = List.copyOf(changes);
        stages = List.copyOf(stages);
    }

    /** Compares two plans of a job; the number of partitions does not matter. */
    public static Upgrade of(JobPlan before, JobPlan after) {
        return new UpgradeBuilder(before, after).build();
    }

    /** What can't be taken over. */
    public List<StateChange> lost() {
        return changes.stream().filter(change -> change.fate() == Fate.LOST).toList();
    }

    /**
     * Refuses an upgrade that loses state.
     *
     * @throws MillraceException with all that would be lost
     */
    public void requireNothingLost() {
        if (lost().isEmpty()) {
            return;
        }
        String what = lost().stream()
                .map(change -> change.operator() + ", " + change.state() + ": " + change.reason())
                .collect(Collectors.joining("; "));
        throw new MillraceException(
                ErrorCode.SAVEPOINT_REFUSED, "the savepoint does not fit the query, this would be lost: " + what,
                "EXPLAIN UPGRADE shows all; SET 'savepoint.allow-loss' = 'true' goes on without it");
    }
}
