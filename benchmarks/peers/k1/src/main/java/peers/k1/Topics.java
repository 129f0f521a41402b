// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.k1;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import peers.gen.Gen;
import peers.gen.Meter;

/** Creates the topics of K1 and fills the input topic. Arguments of main: records. */
public final class Topics {
    public static final String BROKER = "localhost:" + Integer.getInteger("kafka.port", 19092);
    public static final String INPUT = "orders";
    public static final int PARTITIONS = 4;

    private Topics() {}

    public static void create(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER))) {
            try {
                admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof org.apache.kafka.common.errors.TopicExistsException))
                    throw e;
            }
        }
    }

    public static void delete(String prefix) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER))) {
            Set<String> names = admin.listTopics().names().get();
            names.removeIf(n -> !n.startsWith(prefix));
            admin.deleteTopics(names).all().get();
        }
    }

    public static void main(String[] args) throws Exception {
        long records = Long.parseLong(args[0]);
        create(INPUT);
        Properties p = new Properties();
        p.put("bootstrap.servers", BROKER);
        p.put("acks", "1");
        p.put("linger.ms", "20");
        p.put("batch.size", "262144");
        p.put("buffer.memory", "134217728");
        Gen g = Gen.of("K1");
        Meter m = Meter.start(records);
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer())) {
            StringBuilder b = new StringBuilder(256);
            for (long i = 0; i < records; i++) {
                b.setLength(0);
                g.json(b, i);
                byte[] value = b.toString().getBytes(StandardCharsets.ISO_8859_1);
                bytes += value.length;
                send(producer, i, g.ts(i), value);
            }
        }
        m.end();
        m.print("kafka", "K1-load", "producer", 1, 1, records, bytes, null, " bytes_per_record=" + bytes / records);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, long i, long ts, byte[] value) {
        byte[] key = Long.toString(i).getBytes(StandardCharsets.ISO_8859_1);
        producer.send(new ProducerRecord<>(INPUT, (int) (i % PARTITIONS), ts, key, value));
    }
}
