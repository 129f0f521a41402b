// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

/** The run that sources and sinks opened now belong to. Runs follow each other; there is one at a time. */
final class CurrentRun {
    private volatile Workload workload;
    private volatile int keys;
    private volatile Tally tally;

    /** Begins a run. */
    void begin(Workload newWorkload, int newKeys, Tally newTally) {
        workload = newWorkload;
        keys = newKeys;
        tally = newTally;
    }

    Workload workload() {
        return workload;
    }

    int keys() {
        return keys;
    }

    Tally tally() {
        return tally;
    }
}
