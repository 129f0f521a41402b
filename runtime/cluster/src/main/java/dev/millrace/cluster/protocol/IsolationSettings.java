// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * When the lanes of a reader are detached, and when they rejoin.
 *
 * @param detachAfterMillis {@code detach.after}: how long a lane must have been full, while most are not, to be detached
 * @param rejoinAfterMillis {@code rejoin.after}: how long it must have kept up to be read for with the others again
 * @param windowMillis {@code catchup.window}: how long the live cursor may be behind some of its lanes, so that the
 *     others reach them, before it goes on with the furthest
 * @param stayMillis {@code catchup.stay}: how long the catch-up cursor waits at a lane without room while others have some
 * @param togetherMillis {@code isolate.together}: how long no lane is detached after most were; doubled each time that it
 *     comes to that again, up to 64 times as long
 * @param driftMillisMax {@code isolate.max-drift}: how far the live cursor may be ahead of a lane that has been detached,
 *     by event time where the source has one, else by the time since it was where the lane is
 */
public record IsolationSettings(long detachAfterMillis, long rejoinAfterMillis, long windowMillis, long stayMillis,
        long togetherMillis, long driftMillisMax) {

    /** The defaults. */
    public static IsolationSettings defaults() {
        return new IsolationSettings(2_000, 1_000, 2_000, 250, 10_000, 60_000);
    }
}
