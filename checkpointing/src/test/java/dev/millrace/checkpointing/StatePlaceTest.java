// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatePlaceTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(StatePlace.USER_VARIABLE, "ada", StatePlace.PASSWORD_VARIABLE, "from-outside");

    @Test
    void shouldTakeAPathForADirectory() {
        assertEquals(new StatePlace.Directory(Path.of("a/b")), StatePlace.of("a/b", ENVIRONMENT));
        assertEquals(new StatePlace.Memory(), StatePlace.directory(null));
    }

    @Test
    void shouldTakeUserAndPasswordOutOfTheUrl() {
        StatePlace place = StatePlace.of(
                "jdbc:postgresql://db:5432/state?user=ann&ssl=true&password=s%26cret&currentSchema=a", ENVIRONMENT);
        assertEquals(new StatePlace.Database("jdbc:postgresql://db:5432/state?ssl=true&currentSchema=a", "ann",
                "s&cret"), place);
        assertFalse(place.toString().contains("cret"), place.toString());
    }

    @Test
    void shouldTakeUserAndPasswordFromTheEnvironmentWhereTheUrlIsSilent() {
        assertEquals(new StatePlace.Database("jdbc:postgresql://db/state", "ada", "from-outside"),
                StatePlace.of("jdbc:postgresql://db/state", ENVIRONMENT));
        assertEquals(new StatePlace.Database("jdbc:postgresql://db/state", "", ""),
                StatePlace.of("jdbc:postgresql://db/state", Map.of()));
    }

    @Test
    void shouldRefuseOtherDatabasesWithoutTellingTheirPassword() {
        MillraceException e = assertThrows(MillraceException.class,
                () -> StatePlace.of("jdbc:mysql://db/state?password=secret", ENVIRONMENT));
        assertEquals(ErrorCode.USAGE, e.code());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
}
