// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.workload.Gen;
import dev.millrace.server.CommandRun;
import dev.millrace.server.ExitCode;
import dev.millrace.testing.KafkaBroker;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The workload from Kafka to Kafka gives the results of the reference. */
@Tag("integration")
@Timeout(30)
final class BenchOnKafkaTest {
    private static KafkaBroker broker;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.shared();
    }

    @Test
    void shouldGiveTheReferencesChecksumFromTopicToTopic() {
        broker.topics().create("orders", 2);
        Gen gen = Gen.of("K1");
        String[] traders = gen.traderNames();
        String[] symbols = Gen.symbolNames();
        for (int partition = 0; partition < 2; partition++) {
            String[] records = new String[10_000];
            for (int i = 0; i < records.length; i++) {
                long row = 2L * i + partition;
                long hash = gen.hash(row);
                int key = gen.key(hash);
                records[i] = "{\"trader_id\":\"" + traders[key / Gen.SYMBOLS] + "\",\"symbol\":\""
                        + symbols[key % Gen.SYMBOLS] + "\",\"price\":" + Gen.price(hash) + ",\"quantity\":"
                        + Gen.quantity(hash) + ",\"order_time\":" + gen.millis(row) + "}";
            }
            broker.topics().append("orders", partition, records);
        }

        CommandRun run = CommandRun.of(
                "bench", "K1", "--bootstrap", broker.bootstrapServers(), "--partitions", "2", "--cores", "2",
                "--checkpoint-interval", "100ms", "--verify", "--json");

        assertEquals(ExitCode.SUCCESS, run.exitCode(), run.err());
        assertTrue(run.err().contains("checksum verified"), run.err());
        assertTrue(run.out().startsWith("{\"workload\":\"K1\",\"checkpoints\":\"100ms\",\"rows\":20000,"), run.out());
        broker.topics().delete("orders");
    }
}
