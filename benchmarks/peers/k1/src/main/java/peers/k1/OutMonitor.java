// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.k1;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import peers.gen.Check;
import peers.gen.Gen;
import peers.gen.Meter;

/**
 * Reads the committed output of a K1 run as it appears and notes when it is complete, which is when the counts
 * of the windows add up to the number of input records.
 */
public final class OutMonitor extends Thread {
    private final String topic;
    private final Meter meter;
    private final Gen gen = Gen.of("K1");
    private long counted;

    public OutMonitor(String topic, Meter meter) {
        this.topic = topic;
        this.meter = meter;
        setDaemon(true);
        start();
    }

    @Override
    public void run() {
        Properties p = new Properties();
        p.put("bootstrap.servers", Topics.BROKER);
        p.put("isolation.level", "read_committed");
        p.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> parts = new ArrayList<>();
            for (int i = 0; i < Topics.PARTITIONS; i++)
                parts.add(new TopicPartition(topic, i));
            consumer.assign(parts);
            while (counted < meter.records && !isInterrupted()) {
                for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(100))) {
                    add(new String(r.value(), StandardCharsets.ISO_8859_1));
                }
            }
            meter.end();
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            System.out.println(
                    "output incomplete: " + counted + " of " + meter.records + " records, " + meter.rows + " rows");
        }
    }

    private void add(String json) {
        String trader = field(json, "trader_id");
        if (!trader.startsWith("TRADER"))
            return;
        int k = Check.digits(trader, 6) * gen.symbols + Check.digits(field(json, "symbol"), 3);
        long count = Long.parseLong(field(json, "cnt"));
        counted += count;
        meter.rows.incrementAndGet();
        meter.sum.addAndGet(Check.agg(k, count, Double.parseDouble(field(json, "avg_price")),
                Long.parseLong(field(json, "total_qty")), Double.parseDouble(field(json, "total_value"))));
    }

    private static String field(String json, String name) {
        int from = json.indexOf("\"" + name + "\":") + name.length() + 3;
        int to = json.indexOf(',', from);
        if (to < 0)
            to = json.indexOf('}', from);
        if (json.charAt(from) == '"')
            return json.substring(from + 1, to - 1);
        return json.substring(from, to);
    }
}
