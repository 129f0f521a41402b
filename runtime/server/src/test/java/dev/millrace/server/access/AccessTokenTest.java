// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTokenTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path directory;

    @Test
    void shouldComeFromTheFileBeforeTheEnvironment() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "  " + TOKEN + "\n");
        Map<String, String> environment = Map.of(AccessToken.VARIABLE, "another-token-of-some-length");

        assertEquals("Bearer " + TOKEN, AccessToken.find(file, environment).authorization());
        assertEquals(
                "Bearer another-token-of-some-length", AccessToken.find(null, environment).authorization());
        assertNull(AccessToken.find(null, Map.of()));
        assertNull(AccessToken.find(null, Map.of(AccessToken.VARIABLE, "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "0123456789abcde", "0123456789abcdef 0", "0123456789abcdef\n0123456789abcdef",
        "0123456789abcdeä", "=0123456789abcdef"})
    void shouldBeNothingThatCanBeGuessedOrCanNotBeSent(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);

        MillraceException refused = assertThrows(MillraceException.class, () -> AccessToken.find(file, Map.of()));

        assertEquals(ErrorCode.TOKEN_UNUSABLE, refused.code());
        assertFalse(!text.isBlank() && refused.render(null).contains(text.strip()), refused.render(null));
    }

    @Test
    void shouldReadNoFileToItsEnd() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), TOKEN.repeat(100_000));

        assertThrows(MillraceException.class, () -> AccessToken.find(file, Map.of()));
        assertThrows(MillraceException.class, () -> AccessToken.find(directory, Map.of()));
    }

    @Test
    void shouldKnowItselfInARequest() {
        AccessToken token = AccessToken.find(null, Map.of(AccessToken.VARIABLE, TOKEN));

        assertTrue(token.isIn("Bearer " + TOKEN));
        assertTrue(token.isIn("bearer  " + TOKEN));
        assertFalse(token.isIn(null));
        assertFalse(token.isIn(""));
        assertFalse(token.isIn("Bearer"));
        assertFalse(token.isIn("Bearer "));
        assertFalse(token.isIn(TOKEN));
        assertFalse(token.isIn("Basic " + TOKEN));
        assertFalse(token.isIn("Bearer " + TOKEN + "0"));
        assertFalse(token.isIn("Bearer " + TOKEN.substring(1)));
    }

    @Test
    void shouldNeverShowItself() {
        assertEquals("token", AccessToken.find(null, Map.of(AccessToken.VARIABLE, TOKEN)).toString());
    }
}
