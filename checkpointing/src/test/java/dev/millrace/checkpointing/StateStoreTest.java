// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    @TempDir
    Path directory;

    @Test
    void shouldKeepADirectoryToOneProcessUntilItIsClosed() {
        StatePlace place = StatePlace.directory(directory);
        try (StateStore store = StateStore.open(place)) {
            assertTrue(store.durable());
            MillraceException e = assertThrows(MillraceException.class, () -> StateStore.open(place));
            assertEquals(ErrorCode.STATE_LOCKED, e.code());
        }
        StateStore.open(place).close();
        assertFalse(StateStore.open(new StatePlace.Memory()).durable());
    }

    @Test
    void shouldRefuseACompressionThatItDoesNotKnow() {
        try (StateStore store = StateStore.open(new StatePlace.Memory())) {
            MillraceException e = assertThrows(MillraceException.class,
                    () -> ActorSystem.create("test", ConfigFactory
                            .parseString("millrace.checkpointing.compression = zip, pekko.loglevel = OFF, "
                                    + "pekko.stdout-loglevel = OFF")
                            .withFallback(store.config()).withFallback(ConfigFactory.load())));
            assertEquals(ErrorCode.OPTION_INVALID, e.code());
        }
    }
}
