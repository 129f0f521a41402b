// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableOptionsTest {
    private static TableOptions options(String value) {
        return new TableOptions(new TableDefinition("t", Schema.of(), List.of(), Map.of("o", value)));
    }

    private static void assertInvalid(Runnable read) {
        assertEquals(ErrorCode.OPTION_INVALID, assertThrows(MillraceException.class, read::run).code());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1", "12b, 12", "1 k, 1024", "3KB, 3072", "128MB, 134217728", " 2 gb , 2147483648", "1t, 1099511627776",
        "5 bytes, 5"
    })
    void shouldReadNumbersOfBytes(String text, long bytes) {
        assertEquals(bytes, options(text).bytes("o", 7, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5 MB", "MB", "1 XB", "99999999 tb", "1 k m"})
    void shouldNotReadWhatIsNoNumberOfBytes(String text) {
        assertInvalid(() -> options(text).bytes("o", 7, 1));
    }

    @Test
    void shouldHoldNumbersOfBytesAndDurationsToTheirLeast() {
        assertEquals(1024, options("1 kb").bytes("o", 7, 1024));
        assertInvalid(() -> options("1023").bytes("o", 7, 1024));
        assertInvalid(() -> options("1 kb").bytes("o", 7, 1025));
        assertEquals(7, options("1").bytes("other", 7, 1024));
        assertEquals(Duration.ofMinutes(2), options("2 min").duration("o", null, Duration.ofMinutes(2)));
        assertInvalid(() -> options("119 s").duration("o", null, Duration.ofMinutes(2)));
        assertInvalid(() -> options("soon").duration("o", null, Duration.ZERO));
    }

    @Test
    void shouldReadNumbersExactly() {
        BigDecimal number = new BigDecimal("-12345678901234567890.12");
        assertEquals(number, options("-12_345678901234567890.12").number("o", null));
        assertTrue(options("1e308").number("o", null).compareTo(BigDecimal.TEN) > 0);
        assertInvalid(() -> options("1e2147483647").number("o", null));
        assertInvalid(() -> options("NaN").number("o", null));
    }
}
