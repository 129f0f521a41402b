// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void shouldTakeThePasswordFromAFileWhereTheVariableIsSilent(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "from a file\n");
        Map<String, String> named = Map.of(StatePlace.PASSWORD_FILE_VARIABLE, file.toString());
        assertEquals(new StatePlace.Database("jdbc:postgresql://db/state", "", "from a file"),
                StatePlace.of("jdbc:postgresql://db/state", named));
        Map<String, String> both = Map.of(StatePlace.PASSWORD_VARIABLE, "from-outside",
                StatePlace.PASSWORD_FILE_VARIABLE, file.toString());
        assertEquals(new StatePlace.Database("jdbc:postgresql://db/state", "", "from-outside"),
                StatePlace.of("jdbc:postgresql://db/state", both));
        Map<String, String> missing = Map.of(StatePlace.PASSWORD_FILE_VARIABLE, file + "-not-there");
        MillraceException e = assertThrows(MillraceException.class,
                () -> StatePlace.of("jdbc:postgresql://db/state", missing));
        assertEquals("the password of the state can't be read from " + file + "-not-there", e.getMessage());
    }

    @Test
    void shouldRefuseOtherDatabasesWithoutTellingTheirPassword() {
        MillraceException e = assertThrows(MillraceException.class,
                () -> StatePlace.of("jdbc:mysql://db/state?password=secret", ENVIRONMENT));
        assertEquals(ErrorCode.USAGE, e.code());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
}
