// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.settings.RestartSettings;
import dev.millrace.engine.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final String ONE = "partition 0/1";
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Restarts restarts = restarts(0);
    private long now;

    private static Restarts restarts(double jitter) {
        return new Restarts(
                new RestartSettings(Duration.ofMillis(100), Duration.ofSeconds(1), jitter, Duration.ofMinutes(1), 5, 2),
                new Random(1));
    }

    @Test
    void shouldWaitTwiceAsLongEachTimeUpToABound() {
        for (long delay : new long[] {100, 200, 400, 800, 1000}) {
            assertTrue(fail(ErrorCode.SINK_FAILED, 0));
            assertEquals(delay, restarts.waitMillis(ONE, now));
            assertFalse(restarts.mayRun(ONE));
            assertEquals(List.of(), restarts.takeDue(now + delay * MILLI - 1));
            now += delay * MILLI;
            assertEquals(List.of(ONE), restarts.takeDue(now));
            assertTrue(restarts.mayRun(ONE));
            assertTrue(restarts.mayRun("partition 0/2"));
        }
        assertEquals(5, restarts.restarts(ONE));
    }

    @Test
    void shouldBeginWithTheFirstDelayAfterAMinuteOfHealth() {
        fail(ErrorCode.SINK_FAILED, 0);
        startAgain();
        now += 59 * SECOND;
        fail(ErrorCode.SINK_FAILED, 0);
        assertEquals(200, restarts.waitMillis(ONE, now));
        startAgain();
        now += 60 * SECOND;
        fail(ErrorCode.SINK_FAILED, 0);
        assertEquals(100, restarts.waitMillis(ONE, now));
    }

    @Test
    void shouldSuspendWhoFailsWithoutProgress() {
        for (int i = 0; i < 2; i++) {
            assertTrue(fail(ErrorCode.INTERNAL, 7));
            startAgain();
        }
        assertNull(restarts.suspension());
        assertFalse(fail(ErrorCode.INTERNAL, 7));
        assertTrue(restarts.isSuspended(ONE));
        assertFalse(restarts.mayRun(ONE));
        assertEquals(
                "partition 0/1 is suspended: MR-6900 broken; RESUME JOB tries again", restarts.suspension().toString());
        now += 3600 * SECOND;
        assertEquals(List.of(), restarts.takeDue(now));
        assertEquals(Set.of(ONE), restarts.clear(now));
        assertTrue(restarts.mayRun(ONE));
        assertNull(restarts.suspension());
    }

    @Test
    void shouldBeginAnewWhenWhatBrokeAMemberIsOutOfItsWay() {
        fail(ErrorCode.INTERNAL, 0);
        startAgain();
        fail(ErrorCode.INTERNAL, 0);
        restarts.gotOn(ONE);
        startAgain();
        assertTrue(fail(ErrorCode.INTERNAL, 0));
        assertEquals(100, restarts.waitMillis(ONE, now));
    }

    @Test
    void shouldBearWithWhoGetsOn() {
        for (int epoch = 1; epoch < 20; epoch++) {
            assertTrue(fail(ErrorCode.INTERNAL, epoch));
            startAgain();
        }
    }

    @Test
    void shouldTakeAwayAShareOfTheDelayByChance() {
        Restarts jittery = restarts(0.5);
        jittery.failed(ONE, ErrorCode.SINK_FAILED, "full", 0, 0);
        long wait = jittery.waitMillis(ONE, 0);
        assertTrue(wait >= 50 && wait < 100, "waits " + wait + " ms");
    }

    private boolean fail(ErrorCode code, long progress) {
        return restarts.failed(ONE, code, "broken", progress, now);
    }

    private void startAgain() {
        now += SECOND;
        assertEquals(List.of(ONE), restarts.takeDue(now));
    }
}
