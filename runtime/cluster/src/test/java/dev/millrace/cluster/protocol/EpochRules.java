// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Set;

/** The rules of epochs as they are. Subclasses replace a single one, to show that the simulation notices. */
class EpochRules {

    EpochLog log(String name) {
        return new EpochLog(name);
    }

    Releases releases(String name, long noted, long durable) {
        return new Releases(name, noted, durable);
    }

    EpochNumbers numbers(long restored, int inFlightMax) {
        return new EpochNumbers(restored, inFlightMax);
    }

    SavepointCut cut(Set<String> inputs, Set<String> partitions) {
        return new SavepointCut(inputs, partitions);
    }

    // ---- The store

    /** Whether a slot that is taken is written over, as by a rename. */
    boolean replacesSlots() {
        return false;
    }

    /** Whether a writer that was silent looks for slots beyond its own. */
    boolean looksBeyond() {
        return true;
    }

    /** How long the numbers of deleted slots stay taken. */
    long slotsKept(long millis) {
        return millis;
    }

    // ---- The target

    boolean targetFences() {
        return true;
    }

    /** Whether the marker is read behind the commits that are on their way. */
    boolean readsStable() {
        return true;
    }

    boolean fencesBeforeItReads() {
        return true;
    }

    // ---- The partition

    String logName(int generation, int index) {
        return generation + "-" + index;
    }

    String targetName(int generation, int index) {
        return generation + "-" + index;
    }

    /** Whether the target is opened only when the log is claimed. */
    boolean claimsFirst() {
        return true;
    }

    /** Whether who has lost a slot goes on behind it. */
    boolean goesOnWithoutSlot() {
        return false;
    }

    /** Whether who doesn't know what became of a write goes on. */
    boolean goesOnInDoubt() {
        return false;
    }

    /** Whether who doesn't know what became of a release releases again, without asking the target. */
    boolean releasesAgainInDoubt() {
        return false;
    }

    /** Whether the log counts an epoch that is not durable yet. */
    boolean countsBeforeWritten() {
        return false;
    }

    /** Whether an epoch that ends while operators are drained holds what is left. */
    boolean savesDraining() {
        return true;
    }

    /** Whether the positions of an epoch are those of the rows in its state. */
    boolean positionsGoWithState() {
        return true;
    }

    /** Whether the last epochs say that nothing waits. */
    boolean notesAtTheEnd() {
        return true;
    }

    // ---- Savepoints

    /** Whether a partition that has ended an epoch at the cut copies its state only if it still stands there. */
    boolean copiesAtTheCut() {
        return true;
    }

    /** Whether a partition waits until its rows have left, before it copies its state. */
    boolean copiesWhenRowsHaveLeft() {
        return true;
    }

    /** Whether a savepoint that takes too long is refused. */
    boolean endsInTime() {
        return true;
    }

    boolean mergesStateWithoutKey() {
        return true;
    }

    /** Whether nobody of the old generation can go on when the new one starts. */
    boolean shutsOutTheOldGeneration() {
        return true;
    }

    /** Whether an epoch waits for its bad records. */
    boolean waitsForBadRecords() {
        return true;
    }
}
