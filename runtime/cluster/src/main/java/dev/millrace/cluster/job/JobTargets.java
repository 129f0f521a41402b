// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Target;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** The tables that a job writes. */
final class JobTargets {
    private JobTargets() {}

    /**
     * Checks that all are there, at the creation of the job. May wait for servers.
     *
     * @throws dev.millrace.engine.error.MillraceException if one is not
     */
    static void check(JobPlan plan, Connectors connectors) {
        Set<Target> targets = new HashSet<>();
        for (Stage stage : plan.stages()) {
            if (plan.target(stage) instanceof Target.Table target && targets.add(target)) {
                SinkConnector connector = connectors.sink(target.table());
                connector.checkTarget(target.table());
                if (Guarantee.of(connector, target.table(), plan.options()) == Guarantee.EXACTLY_ONCE) {
                    connector.checkEpochTarget(target.table());
                }
            }
        }
    }

    /**
     * The target of a partition for who shuts out others from it.
     *
     * @return makes the sink of an owner, or null if rows don't leave by epochs, so that nobody can be shut out
     */
    static Supplier<EpochSink> epochSink(JobPlan plan, Stage stage, EpochOwner owner, Connectors connectors) {
        if (!(plan.target(stage) instanceof Target.Table target)) {
            return null;
        }
        SinkConnector connector = connectors.sink(target.table());
        return Guarantee.of(connector, target.table(), plan.options()) == Guarantee.EXACTLY_ONCE
                ? () -> connector.openEpochSink(target.table(), owner)
                : null;
    }
}
