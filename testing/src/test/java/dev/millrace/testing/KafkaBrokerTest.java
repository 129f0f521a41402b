// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class KafkaBrokerTest {
    private static KafkaBroker broker;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @Test
    void shouldKeepRecordsWhenKilledAndStartedAgain() {
        broker.topics().create("kept", 2);
        broker.topics().append("kept", 1, "a", "b");

        broker.kill();
        broker.restart();

        broker.topics().append("kept", 0, "c");
        assertEquals(List.of("c", "a", "b"), broker.topics().values("kept"));
    }

    @Test
    void shouldReadWhatIsCommittedOnly() {
        broker.topics().create("transactions", 1);
        broker.topics().appendInTransaction("transactions", 0, true, "a", "b");
        broker.topics().appendInTransaction("transactions", 0, false, "c");
        broker.topics().append("transactions", 0, "d");

        assertEquals(List.of("a", "b", "d"), broker.topics().values("transactions"));
    }
}
