// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.InputSplits;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks up the splits of a job's inputs. {@link #resolve} and {@link #discover} may wait for a
 * server. */
final class JobSplits {
    private JobSplits() {}

    /** The splits of all inputs, at the creation of the job. */
    static List<InputSplits> resolve(JobPlan plan, Connectors connectors) {
        List<InputSplits> inputs = new ArrayList<>();
        for (SourceGroup group : SourceGroup.of(plan)) {
            List<Split> splits = open(group.source(plan), connectors).resolveSplits();
            inputs.add(new InputSplits(group.leader().stage(), group.leader().input(), splits));
        }
        return inputs;
    }

    /** The splits of all inputs now: those known, and new ones behind them. */
    static List<InputSplits> discover(JobPlan plan, List<InputSplits> known, Connectors connectors) {
        List<InputSplits> inputs = new ArrayList<>();
        for (InputSplits input : known) {
            SourceInput source = (SourceInput) plan.stages().get(input.stage()).inputs().get(input.input());
            List<Split> splits = source.bounded()
                    ? input.splits()
                    : open(source, connectors).discoverSplits(input.splits());
            inputs.add(new InputSplits(input.stage(), input.input(), splits));
        }
        return inputs;
    }

    /** How often to look for new splits, or null if no input can get more. */
    static Duration discoveryInterval(JobPlan plan, Connectors connectors) {
        Duration shortest = null;
        for (Stage stage : plan.stages()) {
            for (Input input : stage.inputs()) {
                Duration interval = !(input instanceof SourceInput source) || source.bounded() ? null
                        : connectors.source(source.table()).discoveryInterval(source.table());
                if (interval != null && (shortest == null || interval.compareTo(shortest) < 0)) {
                    shortest = interval;
                }
            }
        }
        return shortest;
    }

    private static Source open(SourceInput input, Connectors connectors) {
        return connectors.source(input.table()).openSource(input.table(), input.columns());
    }
}
