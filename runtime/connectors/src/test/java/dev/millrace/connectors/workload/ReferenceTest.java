// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {
    /** The engines that Millrace is measured against use these rows and checksums too: they must never change. */
    @ParameterizedTest
    @CsvSource({
        "S0, 609205, 1a66dfca05094388",
        "S1, 1000000, 138da85e62fe3991",
        "S2, 5000, a6426d01d441862d",
        "S2c, 5000, a6426d01d441862d",
        "S2M, 632176, 0fb9a2610a6dfd94",
        "S3a, 10000, aebabc6ed4b2e26c",
        "K1, 10000, fbc08f71ad662d67"
    })
    void shouldGiveThePublishedResultOfAMillionRows(String workload, long rows, String checksum) {
        Reference reference = Reference.of(workload, 1_000_000);
        assertEquals(rows, reference.rows());
        assertEquals(checksum, String.format("%016x", reference.checksum()));
    }

    @Test
    void shouldGiveThePublishedRows() {
        Gen gen = Gen.of("S2");
        long hash = gen.hash(123_456_789);
        assertEquals("TRADER12", gen.traderNames()[gen.key(hash) / Gen.SYMBOLS]);
        assertEquals("SYM5", Gen.symbolNames()[gen.key(hash) % Gen.SYMBOLS]);
        assertEquals(108.546875, Gen.price(hash));
        assertEquals(323, Gen.quantity(hash));
        assertEquals(1_700_012_385_678L, gen.millis(123_456_789));
        assertEquals(24_111, Gen.customer(hash));
        assertEquals("DONE", Gen.statusNames()[Gen.status(hash)]);
        assertEquals(200.546875, Gen.amount(hash));
    }

    @Test
    void shouldRefuseAnUnknownWorkload() {
        assertThrows(IllegalArgumentException.class, () -> Reference.of("S99", 1));
    }

    @Test
    void shouldReadTheNumberOfAName() {
        for (int number : new int[] {0, 7, 10, 99, 100, 4711, 10_000, 999_999, 1_234_567, 98_765_432}) {
            byte[] name = ("xTRADER" + number + "SYM8 !~").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(number, Check.number(name, 7, Integer.toString(number).length()));
        }
    }
}
