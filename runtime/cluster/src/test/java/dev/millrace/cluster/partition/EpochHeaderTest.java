// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.protocol.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tells whether a partition has gone on since its state was copied. */
final class EpochHeaderTest {
    private static final EpochHeader COPY = header(100, Releases.UNKNOWN, 7);

    @Test
    void shouldReadWhatItHasWritten() {
        assertEquals(COPY, EpochHeader.read(COPY.toByteArray()));
    }

    @Test
    void shouldBeOfTheSameMomentWhateverTheTargetHasSaidSince() {
        assertTrue(header(100, 17, 7).isOfTheSameMoment(COPY));
    }

    @Test
    void shouldNotBeOfTheSameMomentWhenAnInputHasMoved() {
        assertFalse(header(101, Releases.UNKNOWN, 7).isOfTheSameMoment(COPY));
    }

    /** Time alone may close a window. */
    @Test
    void shouldNotBeOfTheSameMomentWhenARowWasGiven() {
        assertFalse(header(100, Releases.UNKNOWN, 8).isOfTheSameMoment(COPY));
    }

    private static EpochHeader header(long position, long marker, long rowsWritten) {
        InputVector inputs = new InputVector(
                1, 50, List.of(
                        new InputVector.Entry("0.0.0", new Standing(position, 60, false)),
                        new InputVector.Entry("0.0.1", new Standing(9, 50, true))));
        return new EpochHeader(inputs, marker, 20, rowsWritten, 0, false);
    }
}
