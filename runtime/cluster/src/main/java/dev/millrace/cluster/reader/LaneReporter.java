// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.LaneReport;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Lane;
import dev.millrace.cluster.protocol.Occupancy;
import dev.millrace.cluster.protocol.ReaderLanes;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.ReaderPace;
import java.util.ArrayList;
import java.util.List;

/** Tells the job how full the lanes of a reader are: soon after a state has changed, else now and then. */
final class LaneReporter {
    /** A change of state is told so soon. */
    private static final long STATE_MILLIS = 50;

    /** Other numbers are told so often. */
    private static final long NUMBERS_MILLIS = 1_000;

    private final String input;
    private final ReaderLanes<Rows> lanes;
    private final List<Branch> branches;

    private boolean heldUp;
    private long heldUpSince;
    private long heldUpMillis;
    private long heldUpMillisTold;
    private long readAt;
    private long toldAt;
    private long askedAt;
    private JobCommand.ReaderReport told;

    /** @param now milliseconds of a clock that never goes back */
    LaneReporter(String input, ReaderLanes<Rows> lanes, List<Branch> branches, long now) {
        this.input = input;
        this.lanes = lanes;
        this.branches = branches;
        readAt = now;
        toldAt = now;
        askedAt = now;
    }

    /** Who is told knows nothing of what was told before. */
    void startAnew() {
        told = null;
    }

    /**
     * To be called whenever something has happened.
     *
     * @param isHeldUp whether the reader could read on, but for its lanes
     */
    void look(boolean isHeldUp, long now) {
        if (heldUp) {
            heldUpMillis += now - heldUpSince;
        }
        heldUpSince = now;
        if (heldUp && !isHeldUp) {
            readAt = now;
        }
        heldUp = isHeldUp;
    }

    /** What to tell the job, or null if there is nothing new or it was told only just now. */
    JobCommand.ReaderReport report(long now) {
        if (now - askedAt < STATE_MILLIS) {
            return null;
        }
        askedAt = now;
        look(heldUp, now);
        JobCommand.ReaderReport report = report(pace(now), now);
        boolean sameStates = told != null && sameStates(report, told);
        if (sameStates && (now - toldAt < NUMBERS_MILLIS || report.equals(told))) {
            return null;
        }
        toldAt = now;
        heldUpMillisTold = heldUpMillis;
        told = report;
        return report;
    }

    private ReaderPace pace(long now) {
        if (heldUp && now - readAt >= NUMBERS_MILLIS) {
            return ReaderPace.PAUSED;
        }
        // A tenth of the time is what lanes need to be filled again.
        return (heldUpMillis - heldUpMillisTold) * 10 > now - toldAt ? ReaderPace.THROTTLED : ReaderPace.FREE;
    }

    private JobCommand.ReaderReport report(ReaderPace pace, long now) {
        List<LaneReport> reports = new ArrayList<>();
        for (Branch branch : branches) {
            for (int partition = 0; partition < branch.partitions(); partition++) {
                int number = branch.lane(partition);
                reports.add(new LaneReport(branch.stage(), partition, backpressure(number, now)));
            }
        }
        return new JobCommand.ReaderReport(input, pace, heldUpMillis, reports);
    }

    private Backpressure backpressure(int number, long now) {
        Lane<Rows> lane = lanes.lane(number);
        if (!lane.hasAnswered()) {
            return Backpressure.NONE;
        }
        return new Backpressure(
                lane.occupancy(),
                lane.isAttached() ? 0 : 1,
                lane.isAttached() ? 0 : lanes.driftMillis(number, now),
                lane.unacknowledgedBytes(),
                lane.changes(Occupancy.HEALTHY),
                lane.changes(Occupancy.WARNING),
                lane.changes(Occupancy.CRITICAL),
                lane.changes(Occupancy.SATURATED),
                lane.detachments());
    }

    private static boolean sameStates(JobCommand.ReaderReport one, JobCommand.ReaderReport other) {
        if (one.pace() != other.pace()) {
            return false;
        }
        for (int i = 0; i < one.lanes().size(); i++) {
            Backpressure here = one.lanes().get(i).backpressure();
            Backpressure there = other.lanes().get(i).backpressure();
            if (here.state() != there.state() || here.detached() != there.detached()) {
                return false;
            }
        }
        return true;
    }
}
