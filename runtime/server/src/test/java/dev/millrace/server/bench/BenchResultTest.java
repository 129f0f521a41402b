// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class BenchResultTest {
    private static final BenchResult RESULT =
            new BenchResult("S3a", "1s", 20_000_000, 2.5, 4.0, 170_000, 5_000_000, 0xABCL);

    @Test
    void shouldGiveOneJsonObjectARun() {
        assertEquals(
                "{\"workload\":\"S3a\",\"checkpoints\":\"1s\",\"rows\":20000000,\"seconds\":2.500,\"cpu_seconds\":4.00,\"rate\":8000000,"
                        + "\"rate_per_cpu_second\":5000000,\"output_rows\":170000,\"allocated_bytes_per_row\":0.25,"
                        + "\"checksum\":\"0000000000000abc\"}",
                RESULT.json());
    }

    @Test
    void shouldStandUnderItsHeader() {
        String line = RESULT.line();

        assertEquals("20,000,000", line.substring(21, 33).strip());
        assertEquals(BenchResult.HEADER.indexOf("checksum"), line.indexOf("0000000000000abc"));
    }
}
