// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.checkpointing.StateStore;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.testing.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
class JdbcPluginsTest extends PluginsContract {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = "state_" + SCHEMAS.incrementAndGet();

    @BeforeEach
    void createSchema() {
        server.execute("CREATE SCHEMA " + schema);
    }

    @Override
    ActorSystem system() {
        try (StateStore store = StateStore.open(place(PostgresServer.ADMIN, ""))) {
            return Stores.on(store);
        }
    }

    @Test
    void shouldUseTablesThatAreThereAlready() {
        StateStore.open(place(PostgresServer.ADMIN, "")).close();
        server.execute(
                "GRANT USAGE ON SCHEMA " + schema + " TO " + PostgresServer.USER,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + PostgresServer.USER,
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + PostgresServer.USER);
        StateStore.open(place(PostgresServer.USER, PostgresServer.PASSWORD)).close();
    }

    @Test
    void shouldSayThatTheUserMayNotCreateTables() {
        MillraceException e = assertThrows(MillraceException.class,
                () -> StateStore.open(place(PostgresServer.USER, PostgresServer.PASSWORD)));
        assertEquals(ErrorCode.STATE_UNWRITABLE, e.code());
    }

    @Test
    void shouldNeverTellThePassword() {
        MillraceException e = assertThrows(MillraceException.class,
                () -> StateStore.open(place(PostgresServer.USER, "not-the-password")));
        for (Throwable at = e; at != null; at = at.getCause()) {
            assertFalse(String.valueOf(at.getMessage()).contains("not-the-password"), at.toString());
        }
        assertTrue(e.getMessage().contains("127.0.0.1"), e.getMessage());
    }

    @Test
    void shouldRefuseALogThatHasLostAnEvent() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.persist(actor, "a");
        life.persist(actor, "b");
        life.persist(actor, "c");
        life.save(actor, 3, "abc");
        server.execute("DELETE FROM " + schema + ".event_journal WHERE sequence_number = 3");
        life.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, life.failure("recovery"));
        server.execute("DELETE FROM " + schema + ".snapshot");
        server.execute("UPDATE " + schema + ".event_journal SET sequence_number = 3 WHERE sequence_number = 2");
        life.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, life.failure("recovery"));
    }

    @Test
    void shouldRefuseAnEpochWithAFlippedByte() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.persist(actor, epoch(1, 10));
        List<String> length = server.query("SELECT octet_length(event_payload) FROM " + schema + ".event_journal");
        String flip = "UPDATE " + schema + ".event_journal SET event_payload = set_byte(event_payload, %d, "
                + "get_byte(event_payload, %<d) # 4)";
        int bytes = Integer.parseInt(length.getFirst());
        for (int i = 0; i < bytes; i += 7) {
            server.execute(flip.formatted(i));
            life.start(ID);
            assertEquals(ErrorCode.STATE_DAMAGED, life.failure("recovery"));
            server.execute(flip.formatted(i));
        }
        life.start(ID);
        assertEquals(1, life.recovered().all().size());
    }

    @Test
    void shouldFailWhileTheDatabaseIsGoneAndGoOnWhenItIsBack() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.persist(actor, "a");
        // As if the tables were gone with their disk; stopping the server would stop it for other tests too.
        server.execute("ALTER SCHEMA " + schema + " RENAME TO hidden_" + schema);
        actor.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
        assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));
        life.start(ID);
        assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("recovery"));
        server.execute("ALTER SCHEMA hidden_" + schema + " RENAME TO " + schema);
        ActorRef next = life.start(ID);
        assertEquals(List.of("a"), life.recovered().all());
        life.persist(next, "b");
    }

    private StatePlace place(String user, String password) {
        return StatePlace.of(server.url() + "?currentSchema=" + schema + "&user=" + user + "&password=" + password,
                Map.of());
    }
}
