// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.kafka.UpsertKafkaConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Queries of a topic of upserts and deletes: what they end with is what DuckDB says of the latest value of every key. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class UpsertOracleTest {
    private static final int RECORDS = 10_000;
    private static final int SHOPS = 20;
    private static final int IDS = 30;
    private static final int PARTITIONS = 4;
    private static final int THREADS = 2;
    private static final String TOPIC = "oracle-upserts";
    private static final String LATEST = "(SELECT * FROM upserts"
            + " QUALIFY row_number() OVER (PARTITION BY shop, id ORDER BY _position DESC) = 1)"
            + " WHERE NOT deleted";

    private static KafkaTopics topics;
    private static DataTable data;

    @TempDir
    Path directory;

    @BeforeAll
    static void fill(Oracle oracle) {
        topics = KafkaBroker.shared().topics();
        Random random = new Random(Oracle.SEED);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            boolean deleted = random.nextInt(4) == 0;
            rows.add(new Object[] {
                "S" + random.nextInt(SHOPS),
                (long) random.nextInt(IDS),
                deleted,
                deleted ? null : or(random, "customer " + random.nextInt(12)),
                deleted ? null : or(random, random.nextInt(2001) - 1000L),
                deleted ? null : or(random, BigDecimal.valueOf(random.nextInt(200_001) - 100_000, 2)),
                deleted ? null : or(random, (random.nextInt(2001) - 1000) / 7.0),
                deleted ? null : or(random, random.nextBoolean())
            });
        }
        data = new DataTable(
                "upserts",
                List.of(
                        new Field("shop", "STRING"), new Field("id", "BIGINT"), new Field("deleted", "BOOLEAN"),
                        new Field("customer", "STRING"), new Field("n", "BIGINT"),
                        new Field("price", "DECIMAL(10, 2)"), new Field("weight", "DOUBLE"),
                        new Field("paid", "BOOLEAN")),
                "", 1, List.of(rows));
        oracle.add(data);
        topics.create(TOPIC, PARTITIONS);
        topics.append(rows.stream().map(row -> record(row)).toList());
    }

    private static Object or(Random random, Object value) {
        return random.nextInt(8) == 0 ? null : value;
    }

    private static ProducerRecord<String, String> record(Object[] row) {
        String key = "{\"shop\":\"" + row[0] + "\",\"id\":" + row[1] + "}";
        String customer = row[3] == null ? null : '"' + row[3].toString() + '"';
        String value = (Boolean) row[2] ? null
                : "{\"customer\":" + customer + ",\"n\":" + row[4] + ",\"price\":" + row[5] + ",\"weight\":" + row[6]
                        + ",\"paid\":" + row[7] + "}";
        return new ProducerRecord<>(TOPIC, key, value);
    }

    private static String source() {
        return """
                CREATE TABLE orders (shop STRING, id BIGINT, customer STRING, n BIGINT, price DECIMAL(10, 2),
                  weight DOUBLE, paid BOOLEAN, total AS price * n, PRIMARY KEY (shop, id) NOT ENFORCED)
                WITH ('connector' = 'upsert-kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
                  'key.format' = 'json', 'value.format' = 'json', 'value.fields-include' = 'EXCEPT_KEY',
                  'scan.bounded.mode' = 'latest-offset');
                """.formatted(TOPIC, KafkaBroker.shared().bootstrapServers());
    }

    private static Relation run(Oracle oracle, int partitions, String query) {
        return oracle.run(source() + "SET 'partitions' = '" + partitions + "';\n" + query + ";\n")
                .relation();
    }

    /** @param keys how many columns of the result, from the first on, tell its rows apart */
    private static void check(Oracle oracle, String select, String rest, int keys) {
        Relation expected = oracle.meaning(select + " FROM (SELECT *, price * n AS total FROM " + LATEST + ") " + rest);
        assertTrue(!expected.rows().isEmpty(), "nothing to compare");
        for (int partitions : new int[] {1, 3, 8}) {
            Relation changes = run(oracle, partitions, select + " FROM orders " + rest);
            assertNull(
                    changes.last(keys).difference(expected),
                    "seed " + Oracle.SEED + ", " + partitions + " partitions: " + select + " " + rest);
            assertTrue(changes.rows().size() > expected.rows().size(), "there was no change");
            Relation last = run(oracle, partitions, select + " FROM orders " + rest + " EMIT FINAL");
            assertNull(
                    last.difference(expected),
                    "seed " + Oracle.SEED + ", " + partitions + " partitions, FINAL: " + select + " " + rest);
        }
    }

    @Test
    void shouldFollowTheRowsThatPassAFilter(Oracle oracle) {
        check(oracle, "SELECT shop, id, customer, total, weight", "WHERE n > 0 AND paid", 2);
    }

    @Test
    void shouldTakeRowsOutOfTheirGroups(Oracle oracle) {
        check(oracle, "SELECT customer, COUNT(*) AS a, SUM(n) AS b, MIN(price) AS c, MAX(weight) AS d, SUM(price) AS e,"
                + " SUM(weight) AS f, AVG(n) AS g, AVG(weight) AS h, COUNT(DISTINCT n) AS i,"
                + " SUM(n) FILTER (WHERE paid) AS j, MAX(shop) AS k", "GROUP BY customer", 1);
    }

    @Test
    void shouldGroupByAColumnOfTheKey(Oracle oracle) {
        check(oracle, "SELECT shop, paid, COUNT(*) AS a, MAX(n) AS b, SUM(total) AS c",
                "GROUP BY shop, paid HAVING COUNT(*) > 8", 2);
    }

    @Test
    void shouldTakeBackDistinctRowsAndTheWholeTable(Oracle oracle) {
        check(oracle, "SELECT DISTINCT shop, n", "WHERE n > 500", 2);
        check(oracle, "SELECT COUNT(*) AS a, SUM(price) AS b, MIN(n) AS c, SUM(weight) AS d", "WHERE paid", 0);
    }

    @Test
    void shouldSortTheRowsThatAreLeft(Oracle oracle) {
        String query = " ORDER BY shop, id LIMIT 50";
        Relation expected = oracle.meaning("SELECT shop, id, n FROM " + LATEST + query);
        assertEquals(expected.rows(), run(oracle, 3, "SELECT shop, id, n FROM orders" + query).rows());
    }

    @Test
    void shouldGoOnAfterStopsInTheMiddle(Oracle oracle) throws Exception {
        topics.create("oracle-copies", 2);
        topics.create("oracle-customers", 2);
        String sinks = "WITH ('connector' = 'upsert-kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '"
                + KafkaBroker.shared().bootstrapServers() + "', 'key.format' = 'json', 'value.format' = 'json');\n";
        String script = "SET 'partitions' = '3';\nSET 'checkpoint.interval' = '100 ms';\n" + source()
                + "CREATE TABLE copies (id BIGINT, shop STRING, n BIGINT, PRIMARY KEY (shop, id) NOT ENFORCED) "
                + sinks.formatted("oracle-copies")
                + "CREATE TABLE customers (customer STRING, a BIGINT, b BIGINT, c DECIMAL(10, 2), d DOUBLE,"
                + " PRIMARY KEY (customer) NOT ENFORCED) " + sinks.formatted("oracle-customers")
                + "CREATE TABLE seen (shop STRING, a BIGINT, b BIGINT) WITH ('connector' = 'collecting');\n"
                + "EXECUTE STATEMENT SET BEGIN\n"
                + "INSERT INTO copies SELECT id, shop, n FROM orders WHERE n > 0;\n"
                + "INSERT INTO customers SELECT customer, COUNT(*), MAX(n), MIN(price), SUM(weight) FROM orders"
                + " GROUP BY customer;\n"
                + "END;\n"
                + "INSERT INTO seen SELECT shop, COUNT(*), SUM(n) FROM orders GROUP BY shop;\n";
        CollectingConnector seen = new CollectingConnector();
        for (int stop = 0; stop < 2; stop++) {
            long rows = seen.rows("seen");
            try (Node node = start(300, seen)) {
                List<JobHandle> jobs = submit(node, script, 300, seen);
                seen.awaitRows("seen", rows + 50);
                jobs.forEach(JobHandle::stop);
                await(jobs, JobState.STOPPED);
            }
            assertTrue(seen.rows("seen") < RECORDS / 2, "stopped in the middle: " + seen.rows("seen"));
        }
        try (Node node = start(Integer.MAX_VALUE, seen)) {
            await(submit(node, script, Integer.MAX_VALUE, seen), JobState.FINISHED);
        }

        assertNull(latest("oracle-copies").difference(
                oracle.meaning("SELECT id, shop, n FROM " + LATEST + " AND n > 0")));
        assertNull(latest("oracle-customers").difference(oracle.meaning(
                "SELECT customer, COUNT(*) AS a, MAX(n) AS b, MIN(price) AS c, SUM(weight) AS d FROM " + LATEST
                        + " GROUP BY customer")));
        assertNull(Relation.ofJson(seen.lines("seen")).last(1).difference(
                oracle.meaning("SELECT shop, COUNT(*) AS a, SUM(n) AS b FROM " + LATEST + " GROUP BY shop")));
    }

    /** The rows of a topic of upserts. */
    private static Relation latest(String topic) {
        Map<String, String> values = new LinkedHashMap<>();
        int deletes = 0;
        for (ConsumerRecord<String, String> record : topics.readCommitted(topic)) {
            if (record.value() == null) {
                deletes++;
                values.remove(record.key());
            } else {
                values.put(record.key(), record.value());
            }
        }
        assertTrue(deletes > 0 || topic.equals("oracle-customers"), "nothing was deleted in " + topic);
        return Relation.ofJson(String.join("\n", values.values()));
    }

    private static void await(List<JobHandle> jobs, JobState state) throws Exception {
        for (JobHandle job : jobs) {
            JobOutcome outcome = job.outcome().get(20, TimeUnit.SECONDS);
            assertEquals(state, outcome.state(), job.name() + ": " + outcome.reason());
        }
    }

    private Node start(int rowsMax, CollectingConnector seen) {
        Path state = directory.resolve("state");
        return Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, state.resolve("dead-letters"), THREADS),
                connectors(rowsMax, seen));
    }

    /** @param rowsMax how far a reader gets, in rows */
    private static Connectors connectors(int rowsMax, CollectingConnector seen) {
        UpsertKafkaConnector kafka = new UpsertKafkaConnector();
        return new Connectors(
                List.of(new GatedConnector(kafka, Integer.MAX_VALUE, rowsMax)), List.of(seen, kafka));
    }

    private static List<JobHandle> submit(Node node, String script, int rowsMax, CollectingConnector seen) {
        ScriptPlan plan = ScriptPlan.of(script, List.of(), connectors(rowsMax, seen), THREADS);
        assertEquals(List.of(), plan.errors());
        List<JobHandle> jobs = new ArrayList<>();
        for (PlacedStatement statement : plan.statements()) {
            if (statement.planned() instanceof PlannedStatement.Job job) {
                jobs.add(node.submit(job.plan(), null));
            }
        }
        return jobs;
    }
}
