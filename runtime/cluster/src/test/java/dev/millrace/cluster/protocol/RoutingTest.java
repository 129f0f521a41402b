// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RoutingTest {

    @Test
    void shouldDealOutRangesOfHashesInOrder() {
        assertEquals(0, Routing.partition(0, 4));
        assertEquals(0, Routing.partition(0x3FFFFFFFFFFFFFFFL, 4));
        assertEquals(1, Routing.partition(0x4000000000000000L, 4));
        assertEquals(2, Routing.partition(0x8000000000000000L, 4));
        assertEquals(3, Routing.partition(-1, 4));
        assertEquals(0, Routing.partition(-1, 1));
        assertEquals(254, Routing.partition(-1, 255));
    }

    @Test
    void shouldKeepABlockTogetherAndSpreadBlocks() {
        long split = Routing.hash("orders-3");
        int[] blocks = new int[8];
        for (int block = 0; block < 8_000; block++) {
            long first = (long) block * Routing.BLOCK;
            int partition = Routing.roundRobin(split, first, 8);
            assertEquals(partition, Routing.roundRobin(split, first + Routing.BLOCK - 1, 8));
            blocks[partition]++;
        }
        for (int count : blocks) {
            assertTrue(count > 850 && count < 1_150, () -> "uneven: " + Arrays.toString(blocks));
        }
    }

    /** Stored plans rely on these values. They change with a new version of the functions only. */
    @Test
    void shouldNeverChange() {
        assertEquals(1, Routing.VERSION);
        assertEquals(0xF52A15E9A9B5E89BL, Routing.hash(""));
        assertEquals(0xF8D661CA15D40ECAL, Routing.hash("orders-0"));
        assertEquals(0xBE9079C1B7E5AFE8L, Routing.hash("größe"));
        long split = Routing.hash("orders-0");
        assertEquals(45, Routing.roundRobin(split, 0, 64));
        assertEquals(45, Routing.roundRobin(split, 8_191, 64));
        assertEquals(40, Routing.roundRobin(split, 8_192, 64));
        assertEquals(21, Routing.roundRobin(split, Long.MAX_VALUE, 64));
        assertEquals(6, Routing.roundRobin(split, 1_000_000_000_000L, 7));
        assertEquals(0, Routing.partition(0x123456789ABCDEFL, 100));
        assertEquals(99, Routing.partition(0xFEDCBA9876543210L, 100));
    }
}
