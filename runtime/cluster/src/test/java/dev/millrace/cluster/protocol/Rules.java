// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/** The rules as they are. Subclasses replace a single one, to show that the simulation notices. */
class Rules {

    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored, Window window) {
        return new PartitionInputs<>(partition, incarnation, restored, window);
    }

    ReaderLanes<Rows> lanes(String input, long reader, int partitions, LaneSettings settings,
            boolean isolates) {
        return new ReaderLanes<>(input, reader, partitions, settings, isolates) {
            @Override
            protected Lane<Rows> newLane(String laneInput, long laneReader, int partition, LaneSettings laneSettings) {
                return makeLane(laneInput, laneReader, partition, laneSettings);
            }

            @Override
            protected Isolation<Rows> newIsolation(IsolationSettings isolationSettings, List<Lane<Rows>> lanes,
                    CursorPlace live, CursorPlace catchUp) {
                return isolation(isolationSettings, lanes, live, catchUp);
            }
        };
    }

    Isolation<Rows> isolation(IsolationSettings settings, List<Lane<Rows>> lanes, CursorPlace live,
            CursorPlace catchUp) {
        return new Isolation<>(settings, lanes, live, catchUp);
    }

    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
        return new Lane<>(input, reader, partition, settings);
    }

    /**
     * The watermark with which a reader starts at a position.
     *
     * @param live where that of its live cursor is
     */
    long watermarkAt(ReaderDecision.Seek<Rows> seek, long live) {
        return seek.watermark();
    }

    /** What travels as before(r). */
    long before(long before, long watermarkAtTo, long time) {
        return before;
    }

    /** From where on rows go to a lane that wants them from a position within a read. */
    long trimFrom(long wantedFrom, long readFrom) {
        return wantedFrom;
    }

    /** The partition of a row. */
    int route(SimulationPlan plan, SimulatedSource source, SimulatedSource.Entry entry, int poll) {
        return plan.roundRobin()
                // Blocks of 8 rows, so that a short split has many of them.
                ? Routing.roundRobin(Routing.hash(source.input), entry.position() * (Routing.BLOCK / 8),
                        plan.partitions())
                : Routing.partition(Routing.mix(entry.key()), plan.partitions());
    }

    /** What a checkpoint holds of the positions. */
    InputVector checkpoint(InputVector applied, List<InputDecision.Take<Rows>> taken) {
        return applied;
    }
}
