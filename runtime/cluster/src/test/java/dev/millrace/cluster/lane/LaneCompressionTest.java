// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.junit.jupiter.api.Test;

class LaneCompressionTest {
    @Test
    void shouldCompressOnlyToOtherHostsUnlessToldOtherwise() {
        LaneCompression auto = LaneCompression.named("auto");
        assertTrue(auto.applies("10.0.0.1", "10.0.0.2"));
        assertTrue(auto.applies("node-0.millrace", "node-1.millrace"));
        assertFalse(auto.applies("10.0.0.1", "10.0.0.1"));
        assertFalse(auto.applies("127.0.0.1", "127.0.0.2"));
        assertFalse(auto.applies("127.0.0.1", "localhost"));
        assertTrue(LaneCompression.named("LZ4").applies("10.0.0.1", "10.0.0.1"));
        assertFalse(LaneCompression.named("none").applies("10.0.0.1", "10.0.0.2"));
    }

    @Test
    void shouldNameTheCompressionsThatThereAre() {
        MillraceException e = assertThrows(MillraceException.class, () -> LaneCompression.named("zip"));
        assertEquals(ErrorCode.OPTION_INVALID, e.code());
        assertEquals("use auto, none or lz4", e.hint());
    }
}
