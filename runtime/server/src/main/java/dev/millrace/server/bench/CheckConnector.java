// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;

/** The connector {@code check}: keeps no row, only their number and a checksum. */
final class CheckConnector implements SinkConnector {
    private final CurrentRun run;

    CheckConnector(CurrentRun run) {
        this.run = run;
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public void validateSink(TableDefinition table) {}

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new CheckSink(run.workload(), run.keys(), run.tally());
    }
}
