// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.util.List;

/** The points at which an engine can be made to die. */
enum Point {
    /** The event with which a start of a partition claims its log. */
    BEFORE_CLAIM, AFTER_CLAIM,
    /** The events of the jobs themselves. */
    BEFORE_JOB_EVENT, AFTER_JOB_EVENT,
    /** The event of an epoch. */
    BEFORE_WRITE, IN_WRITE, AFTER_WRITE,
    /** The target is fenced, and tells its marker. */
    BEFORE_OPEN, AFTER_OPEN,
    /** The rows of epochs go to the target: half of them, all of them, and while they are committed. */
    BEFORE_RELEASE, IN_RELEASE, AFTER_ROWS, IN_COMMIT, AFTER_RELEASE,
    /** A snapshot: the beginning of an image that is complete. */
    BEFORE_SNAPSHOT, IN_SNAPSHOT, AFTER_SNAPSHOT,
    /** What is older than that goes. */
    BEFORE_DELETE, AFTER_DELETE,
    /** The engine was asked to end, and shows what is hidden. */
    BEFORE_CLOSE, AFTER_CLOSE;

    /** Reached when an image is complete. */
    static final List<Point> IMAGES = List.of(BEFORE_SNAPSHOT, IN_SNAPSHOT, AFTER_SNAPSHOT);
    /** Reached when the third image of a partition is complete. */
    static final List<Point> DELETIONS = List.of(BEFORE_DELETE, AFTER_DELETE);

    /** Whether it is reached only when the engine is asked to end. */
    boolean needsStop() {
        return this == BEFORE_CLOSE || this == AFTER_CLOSE;
    }
}
