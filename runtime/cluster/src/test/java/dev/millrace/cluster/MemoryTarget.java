// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/** A target within a test, which takes all that comes. */
abstract class MemoryTarget implements SinkConnector {
    static final String NAME = "memory";

    /** It, and the rows of workloads. */
    final Connectors connectors() {
        return connectors(new WorkloadConnector(System::nanoTime));
    }

    final Connectors connectors(SourceConnector source) {
        return new Connectors(List.of(source), List.of(this));
    }

    @Override
    public final String name() {
        return NAME;
    }

    @Override
    public final void validateSink(TableDefinition table) {}

    @Override
    public final SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }
}
