// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HashRangesTest {

    /** Stored state relies on these values. They change with a new version of the function only. */
    @Test
    void shouldNeverChange() {
        assertEquals(1, KeyHasher.VERSION);
        assertEquals(0, HashRanges.partition(0, 4));
        assertEquals(0, HashRanges.partition(0x3FFFFFFFFFFFFFFFL, 4));
        assertEquals(1, HashRanges.partition(0x4000000000000000L, 4));
        assertEquals(2, HashRanges.partition(0x8000000000000000L, 4));
        assertEquals(3, HashRanges.partition(-1, 4));
        assertEquals(0, HashRanges.partition(0x5555555555555555L, 3));
        assertEquals(1, HashRanges.partition(0x5555555555555556L, 3));
        assertEquals(2, HashRanges.partition(0xAAAAAAAAAAAAAAABL, 3));
        assertEquals(0, HashRanges.partition(0x123456789ABCDEFL, 100));
        assertEquals(99, HashRanges.partition(0xFEDCBA9876543210L, 100));
        assertEquals(0, HashRanges.partition(-1, 1));
        assertEquals(32_767, HashRanges.partition(-1, 32_768));
    }
}
