// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.junit.jupiter.api.function.Executable;

/** Expects errors by code and by a part of their text. */
final class Errors {
    private Errors() {}

    static MillraceException expect(ErrorCode code, String part, Executable action) {
        MillraceException e = assertThrows(MillraceException.class, action);
        assertEquals(code, e.code(), e.render(null));
        assertTrue(e.render(null).contains(part), e.render(null));
        return e;
    }
}
