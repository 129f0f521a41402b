// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import peers.gen.Gen;
import peers.gen.Meter;
import peers.gen.Reference;
import peers.k1.OutMonitor;
import peers.k1.Topics;

/**
 * K1 on Kafka Streams. Arguments: mode guarantee threads records runs. Mode default keeps the library's settings
 * (RocksDB window store); tuned has an in-memory store, bigger caches, batches and fetches, and lz4 on internal
 * topics. Guarantee is at_least_once or exactly_once_v2.
 */
public final class StreamsPeer {
    private static final JsonFactory JSON = new JsonFactory();
    /** Records aggregated by the running application. */
    private static final LongAdder AGGREGATED = new LongAdder();

    /** The input fields the query needs. */
    record Order(String trader, String symbol, double price, long quantity) {}

    record Totals(long count, double price, long quantity, double value) {
        Totals add(Order o) {
            AGGREGATED.increment();
            return new Totals(count + 1, price + o.price, quantity + o.quantity, value + o.price * o.quantity);
        }
    }

    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[2]), runs = Integer.parseInt(args[4]);
        for (int r = 0; r <= runs; r++)
            run(args[0], args[1], threads, Long.parseLong(args[3]), r);
        System.exit(0);
    }

    private static void run(String mode, String guarantee, int threads, long records, int run) throws Exception {
        boolean tuned = mode.equals("tuned");
        String id = "ks" + System.currentTimeMillis();
        Topics.create("out-" + id);
        Path dir = Files.createTempDirectory("ks");
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, Topics.BROKER);
        p.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString());
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        p.put("auto.offset.reset", "earliest");
        if (tuned) {
            p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 512L << 20);
            p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 10_000);
            p.put("max.poll.records", 10_000);
            p.put("fetch.min.bytes", 65_536);
            p.put("max.partition.fetch.bytes", 4 << 20);
            p.put("producer.batch.size", 262_144);
            p.put("producer.linger.ms", 50);
            p.put("producer.compression.type", "lz4");
            p.put("producer.buffer.memory", 128L << 20);
        }
        KafkaStreams streams = new KafkaStreams(topology(tuned, "out-" + id), p);
        Meter m = new Meter(records);
        CountDownLatch running = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING && running.getCount() > 0) {
                m.begin();
                running.countDown();
            }
        });
        OutMonitor monitor = new OutMonitor("out-" + id, m);
        AGGREGATED.reset();
        streams.start();
        running.await();
        while (AGGREGATED.sum() < records)
            Thread.sleep(5);
        double consumed = (System.nanoTime() - m.begin()) / 1e9;
        closeWindows(id + "-by-key-repartition", monitor);
        monitor.interrupt();
        m.print("kstreams", "K1", mode + "-" + guarantee, threads, run, m.rows.get(), m.sum.get(),
                Reference.of("K1", records),
                String.format(java.util.Locale.ROOT, " aggregated_s=%.3f", consumed));
        streams.close(Duration.ofSeconds(30));
        Topics.delete("out-" + id);
        Topics.delete(id);
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }

    /**
     * Event time in a task is the greatest timestamp seen, and the four input partitions are not read in step, so
     * markers at the end of the input would make other partitions' records late. Hence a grace longer than the
     * data and, once every record is aggregated, markers sent to the repartition topic until all windows are out.
     */
    private static void closeWindows(String repartition, Thread monitor) throws Exception {
        byte[] marker = write(new Order("END", "END", 0, 0));
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", Topics.BROKER),
                new StringSerializer(), new ByteArraySerializer())) {
            for (long t = Gen.BASE_TS + 1000 * Gen.MINUTE; monitor.isAlive(); t++) {
                for (int p = 0; p < Topics.PARTITIONS; p++) {
                    producer.send(new ProducerRecord<>(repartition, p, t, "END|END", marker));
                }
                monitor.join(50);
            }
        }
    }

    private static org.apache.kafka.streams.Topology topology(boolean tuned, String out) {
        StreamsBuilder b = new StreamsBuilder();
        TimeWindows minute = TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(30));
        Materialized<String, Totals, WindowStore<Bytes, byte[]>> store = tuned
                ? Materialized
                        .as(Stores.inMemoryWindowStore("totals", Duration.ofMinutes(60), Duration.ofMinutes(1), false))
                : Materialized.as("totals");
        b.stream(Topics.INPUT, Consumed.with(Serdes.ByteArray(), serde(o -> new byte[0], StreamsPeer::parse)))
                .groupBy((k, o) -> o.trader + "|" + o.symbol,
                        Grouped.with("by-key", Serdes.String(), serde(StreamsPeer::write, StreamsPeer::read)))
                .windowedBy(minute)
                .emitStrategy(EmitStrategy.onWindowClose())
                .aggregate(() -> new Totals(0, 0, 0, 0), (k, o, t) -> t.add(o),
                        store.withKeySerde(Serdes.String())
                                .withValueSerde(serde(StreamsPeer::write, StreamsPeer::readTotals)))
                .toStream()
                .map((w, t) -> {
                    int bar = w.key().indexOf('|');
                    return KeyValue.pair(w.key(),
                            "{\"window_start\":" + w.window().start() + ",\"trader_id\":\"" + w.key().substring(0, bar)
                                    + "\",\"symbol\":\"" + w.key().substring(bar + 1) + "\",\"cnt\":" + t.count
                                    + ",\"avg_price\":" + t.price / t.count
                                    + ",\"total_qty\":" + t.quantity + ",\"total_value\":" + t.value + "}");
                })
                .to(out, Produced.with(Serdes.String(), Serdes.String()));
        return b.build();
    }

    private static <T> Serde<T> serde(Function<T, byte[]> to, Function<byte[], T> from) {
        return Serdes.serdeFrom((topic, t) -> t == null ? null : to.apply(t),
                (topic, bytes) -> bytes == null ? null : from.apply(bytes));
    }

    private static Order parse(byte[] json) {
        String trader = null, symbol = null;
        double price = 0;
        long quantity = 0;
        try (JsonParser p = JSON.createParser(json)) {
            p.nextToken();
            while (p.nextToken() != JsonToken.END_OBJECT) {
                String name = p.currentName();
                p.nextToken();
                switch (name) {
                    case "trader_id" :
                        trader = p.getText();
                        break;
                    case "symbol" :
                        symbol = p.getText();
                        break;
                    case "price" :
                        price = p.getDoubleValue();
                        break;
                    case "quantity" :
                        quantity = p.getLongValue();
                        break;
                    default :
                        break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Order(trader, symbol, price, quantity);
    }

    private static byte[] write(Order o) {
        byte[] t = o.trader.getBytes(StandardCharsets.ISO_8859_1), s = o.symbol.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(18 + t.length + s.length).putDouble(o.price).putLong(o.quantity)
                .put((byte) t.length).put(t).put((byte) s.length).put(s).array();
    }

    private static Order read(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        double price = b.getDouble();
        long quantity = b.getLong();
        return new Order(string(b), string(b), price, quantity);
    }

    private static String string(ByteBuffer b) {
        byte[] s = new byte[b.get()];
        b.get(s);
        return new String(s, StandardCharsets.ISO_8859_1);
    }

    private static byte[] write(Totals t) {
        return ByteBuffer.allocate(32).putLong(t.count).putDouble(t.price).putLong(t.quantity).putDouble(t.value)
                .array();
    }

    private static Totals readTotals(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return new Totals(b.getLong(), b.getDouble(), b.getLong(), b.getDouble());
    }
}
