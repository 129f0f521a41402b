// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"5, 5", "100 ms, 100", "5s, 5000", "1 min, 60000", "2 hours, 7200000", "3 D, 259200000"})
    void shouldReadDurations(String text, long millis) {
        assertEquals(OptionalLong.of(millis), Durations.millis(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "1 fortnight", "-1 s", "1.5 s", "999999999999999 d"})
    void shouldNotReadWhatIsNoDuration(String text) {
        assertEquals(OptionalLong.empty(), Durations.millis(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "1, 1 ms", "1500, 1500 ms", "90000, 90 s", "3600000, 1 h", "86400000, 1 d"})
    void shouldWriteDurationsInTheLargestWholeUnit(long millis, String text) {
        assertEquals(text, Durations.text(millis));
    }
}
