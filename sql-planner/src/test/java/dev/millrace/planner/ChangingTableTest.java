// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.plan.Step;
import org.junit.jupiter.api.Test;

/** Queries of a table whose rows are replaced and deleted by key. */
class ChangingTableTest {
    private static final String TABLES =
            "CREATE TABLE orders (id BIGINT, shop STRING, customer STRING, price DECIMAL(10, 2), n INT, ts TIMESTAMP(3),"
                    + " total AS price * n, WATERMARK FOR ts AS ts, PRIMARY KEY (shop, id) NOT ENFORCED)"
                    + " WITH ('connector' = 'keyed', 'bounded' = 'false');\n"
                    + "CREATE TABLE ended (id BIGINT, customer STRING, PRIMARY KEY (id) NOT ENFORCED)"
                    + " WITH ('connector' = 'keyed', 'bounded' = 'true');\n"
                    + "CREATE TABLE copy (shop STRING, id BIGINT, n BIGINT, PRIMARY KEY (id, shop) NOT ENFORCED)"
                    + " WITH ('connector' = 'memory', 'changes' = 'UPSERT_DELETE');\n"
                    + "CREATE TABLE wide (shop STRING, id BIGINT, n BIGINT, PRIMARY KEY (id, shop, n) NOT ENFORCED)"
                    + " WITH ('connector' = 'memory', 'changes' = 'UPSERT_DELETE');\n"
                    + "CREATE TABLE shops (shop STRING, n BIGINT, PRIMARY KEY (shop) NOT ENFORCED)"
                    + " WITH ('connector' = 'memory', 'changes' = 'UPSERT_DELETE');\n";

    private static String explain(String query) {
        return Script.explain(query, TABLES);
    }

    private static String error(String query) {
        return Script.error(TABLES + query);
    }

    @Test
    void shouldFilterAndComputeBehindTheStepThatKnowsTheLastRow() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            changes: new rows, updates, deletes
                            project id, shop, price * CAST(n AS DECIMAL(10, 0)) AS total
                            filter customer = 'a'
                            last row by shop, id
                              emit: every change
                              state: one row per key, without a bound; deletes and 'state.ttl' make room
                            exchange always_hash by shop, id
                              source orders (keyed, unbounded): id, shop, customer, price, n""",
                explain("SELECT id, shop, total FROM orders WHERE customer = 'a'"));
    }

    @Test
    void shouldGiveTheRowBeforeAnUpdateWhereTheResultDoesNotTellTheKey() {
        String plan = explain("SELECT customer FROM orders");
        assertTrue(plan.contains("changes: new rows, updates with the row before, deletes"), plan);
        assertTrue(plan.contains("source orders (keyed, unbounded): id, shop, customer"), plan);
    }

    @Test
    void shouldWriteUpsertsAndDeletesByTheKeyOfTheSource() {
        String plan = explain("INSERT INTO copy SELECT shop, id, n FROM orders");
        assertTrue(plan.startsWith("INSERT INTO copy (memory): upserts by id, shop"), plan);
        assertTrue(plan.contains("changes: new rows, updates, deletes\n"), plan);
    }

    @Test
    void shouldDeleteTheRowBeforeWhereTheKeyOfTheTargetCanChange() {
        String plan = explain("INSERT INTO wide SELECT shop, id, n FROM orders");
        assertTrue(plan.contains("changes: new rows, updates with the row before, deletes\n"), plan);
    }

    @Test
    void shouldGroupInOnePartitionByOtherColumnsThanTheKey() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 1 partition
                            one partition: groups of a table with a key, by other columns
                            aggregate by customer: COUNT(*) AS n, MAX(price) AS m
                              emit: every change
                              state: one group per key with every value of MIN, MAX and DISTINCT, without a bound; deletes and 'state.ttl' make room
                            project customer, price
                            last row by shop, id
                              emit: every change
                              state: one row per key, without a bound; deletes and 'state.ttl' make room
                            exchange fan_in
                              source orders (keyed, unbounded): id, shop, customer, price""",
                explain("SELECT customer, COUNT(*) AS n, MAX(price) AS m FROM orders GROUP BY customer"));
    }

    @Test
    void shouldCoalesceGroupsByBatchAndNothingElse() {
        String set = "SET 'emit.coalesce' = '1 s';\n";
        String groups = Script.explain("SELECT shop, COUNT(*) FROM orders GROUP BY shop", TABLES + set);
        assertTrue(groups.contains("coalesced: batch\n"), groups);
        String rows = Script.explain("SELECT shop, id FROM orders", TABLES + set);
        assertFalse(rows.contains("coalesced"), rows);
    }

    @Test
    void shouldGroupInSeveralPartitionsByColumnsOfTheKey() {
        String plan = explain("SELECT customer, shop, COUNT(*) AS n FROM orders GROUP BY customer, shop");
        assertTrue(plan.contains("stage 0: 8 partitions\n    aggregate"), plan);
        assertTrue(plan.contains("exchange always_hash by shop\n"), plan);
    }

    @Test
    void shouldTakeTheGroupsOfATableByItsKeyWhereTheyCannotMixRows() {
        String plan = explain("INSERT INTO shops SELECT shop, COUNT(*) FROM orders GROUP BY shop");
        assertTrue(plan.contains("exchange always_hash by shop\n"), plan);
        String error = error("INSERT INTO shops SELECT shop, COUNT(*) FROM orders GROUP BY shop, customer");
        assertTrue(error.contains("the query groups by \"customer\", which is not in PRIMARY KEY (shop)"), error);
    }

    @Test
    void shouldGiveTheRowsThatAreLeftWhenTheInputEnds() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 1 partition
                            one partition: groups of a table with a key, by other columns
                            aggregate by customer: COUNT(*) AS n
                              emit: at the end of the input
                              state: one group per key
                            project customer
                            last row by id
                              emit: at the end of the input
                              state: one row per key
                            exchange fan_in
                              source ended (keyed, bounded): id, customer""",
                explain("SELECT customer, COUNT(*) AS n FROM ended GROUP BY customer EMIT FINAL"));
        String sorted = explain("SELECT id FROM ended ORDER BY id");
        assertTrue(sorted.contains("emit: at the end of the input"), sorted);
        assertFalse(sorted.contains("changes:"), sorted);
        String inserted = explain("INSERT INTO appended SELECT customer, id FROM ended EMIT FINAL");
        assertTrue(inserted.startsWith("INSERT INTO appended (memory): appends\n"), inserted);
    }

    @Test
    void shouldReadNothingButTheKeyToCountRows() {
        Step.Normalize last = (Step.Normalize) Script.plan(TABLES + "SELECT COUNT(*) FROM orders").stages().getFirst()
                .steps().getFirst();
        assertEquals(2, last.output().size());
    }

    @Test
    void shouldRefuseWhatNeedsRowsThatStay() {
        String window = error("SELECT shop, window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts),"
                + " INTERVAL '1' MINUTE)) GROUP BY shop, window_start, window_end");
        assertTrue(window.contains("windows close for good, and rows of table \"orders\" can be replaced"), window);
        String union = error("SELECT id FROM orders UNION ALL SELECT id FROM ended");
        assertTrue(union.contains("UNION with table \"orders\""), union);
        String end = error("SELECT id FROM orders EMIT FINAL");
        assertTrue(end.contains("EMIT FINAL waits for the end of the input"), end);
        String limit = error("SELECT id FROM orders LIMIT 3");
        assertTrue(limit.contains("LIMIT needs final results"), limit);
    }

    @Test
    void shouldRefuseTargetsThatCannotTakeDeletes() {
        for (String query : new String[] {
            "INSERT INTO appended SELECT shop, id FROM orders",
            "INSERT INTO appended SELECT shop, id FROM orders EMIT CHANGES",
            "INSERT INTO upserted SELECT shop, COUNT(*) FROM orders GROUP BY shop"}) {
            String error = error(query);
            assertTrue(error.contains("rows of table \"orders\" are replaced and deleted"), error);
            assertTrue(error.contains("can't take deletes"), error);
        }
        assertTrue(explain("INSERT INTO shown SELECT shop, id FROM orders").contains("changes: "));
    }

    @Test
    void shouldRefuseTargetsWhoseKeyMixesRowsOfTheSource() {
        String error = error("INSERT INTO shops SELECT shop, n FROM orders");
        assertTrue(error.contains("\"id\" is not in PRIMARY KEY (shop)"), error);
        String computed = error("INSERT INTO copy SELECT shop, id + 1, n FROM orders");
        assertTrue(computed.contains("\"id\" is not in PRIMARY KEY (id, shop)"), computed);
    }

    @Test
    void shouldRefuseStrategiesThatWouldPartTheRowsOfAKey() {
        String error = error("SET 'partitioning' = 'round_robin'; SELECT id FROM orders");
        assertTrue(error.contains("they have to meet in one partition"), error);
        String hash = error("SET 'partitioning' = 'always_hash'; SELECT customer, n FROM orders GROUP BY customer, n");
        assertTrue(hash.contains("by other columns than its key, so all rows must meet in one partition"), hash);
    }
}
