// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.RemoteQuery;
import dev.millrace.server.client.ResultColumn;
import dev.millrace.server.client.ResultRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("cluster")
@Timeout(30)
final class QueryApiTest {
    @RegisterExtension
    static final ServerExtension SERVER = new ServerExtension();

    private final MillraceClient client = SERVER.client();

    @BeforeAll
    static void createTables() {
        try (MillraceClient client = SERVER.client()) {
            client.statements("""
                    CREATE TABLE few (order_id BIGINT, status STRING)
                      WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '1000');
                    CREATE TABLE slow (order_id BIGINT)
                      WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '50');
                    CREATE TABLE endless (order_id BIGINT, customer_id BIGINT, status STRING, total_amount DOUBLE,
                      order_time TIMESTAMP(3)) WITH ('connector' = 'workload', 'workload' = 'orders');
                    CREATE TABLE lost (a BIGINT)
                      WITH ('connector' = 'filesystem', 'path' = '/no/such/file.json', 'format' = 'json');
                    """, Map.of());
        }
    }

    @AfterEach
    void shouldLeaveNoQueryBehind() {
        client.close();
        ServerExtension.await(() -> SERVER.server().queries().running().isEmpty());
    }

    @Test
    void shouldStreamAllRowsOfABoundedQueryInOrder() {
        List<ResultRow> rows = new ArrayList<>();
        try (RemoteQuery query = query("SELECT order_id, status FROM few ORDER BY order_id LIMIT 10 OFFSET 5")) {
            assertEquals(
                    List.of(new ResultColumn("order_id", "BIGINT"), new ResultColumn("status", "STRING")),
                    query.columns());
            for (ResultRow row = query.next(); row != null; row = query.next()) {
                rows.add(row);
            }
        }
        assertEquals(
                List.of("5", "6", "7", "8", "9", "10", "11", "12", "13", "14"),
                rows.stream().map(row -> row.values().getFirst()).toList());
        assertEquals("+I", rows.getFirst().kind());
    }

    @Test
    void shouldMarkChanges() {
        try (RemoteQuery query = query("SELECT COUNT(*) AS n FROM slow EMIT CHANGES")) {
            assertTrue(query.isUpdating());
            assertEquals("1", query.next().values().getFirst());
            ResultRow second = query.next();
            assertEquals("+U", second.kind());
            assertEquals("{\"op\":\"+U\",\"n\":2}", second.json());
        }
    }

    @Test
    void shouldGiveRowsAsTheyComeAndEndWithItsClient() {
        RemoteQuery query = query("SELECT order_id FROM slow");
        assertNotNull(query.next());
        assertEquals(1, SERVER.server().queries().running().size());

        query.close();

        assertNull(query.next());
        ServerExtension.await(() -> SERVER.server().queries().running().isEmpty());
    }

    @Test
    void shouldWaitForASlowClient() {
        try (RemoteQuery query = query("SELECT * FROM endless")) {
            assertNotNull(query.next());
            JobHandle job = SERVER.server().queries().running().iterator().next();

            long standing = rowsReadOnceItStands(job);
            for (int i = 0; i < 200_000; i++) {
                query.next();
            }

            ServerExtension.await(() -> job.progress().rowsRead() > standing);
        }
    }

    /** The progress that has not changed for a second, in which an unchecked query reads hundreds of thousands. */
    private static long rowsReadOnceItStands(JobHandle job) {
        long read = -1;
        long since = 0;
        while (read < 0 || System.nanoTime() - since < 1_000_000_000L) {
            long now = job.progress().rowsRead();
            if (now != read || now == 0) {
                read = now;
                since = System.nanoTime();
            }
            Thread.yield();
        }
        return read;
    }

    @Test
    void shouldEndWithTheErrorOfAQueryThatFails() {
        try (RemoteQuery query = query("SELECT a FROM lost")) {
            MillraceException failure = assertThrows(MillraceException.class, query::next);

            assertEquals(ErrorCode.FILE_NOT_FOUND, failure.code());
            assertEquals(1, failure.span().line());
        }
    }

    @Test
    void shouldRefuseWhatIsNoQuery() {
        assertEquals(ErrorCode.COLUMN_NOT_FOUND, refusal("SELECT nothing FROM few"));
        assertEquals(ErrorCode.INVALID_QUERY, refusal("DROP TABLE few"));
        assertEquals(ErrorCode.INVALID_QUERY, refusal("SELECT order_id FROM few; SELECT order_id FROM few"));
        assertEquals(ErrorCode.INVALID_QUERY, refusal(""));
        assertTrue(client.tables().toString().contains("\"few\""));
    }

    @Test
    void shouldStreamWhatIsKnownWithoutAJob() {
        try (RemoteQuery query = query("VALUES (1, 'one', CAST(NULL AS STRING), 1.10)")) {
            ResultRow row = query.next();
            assertEquals(List.of("1", "one", "NULL", "1.10"),
                    row.values().stream().map(value -> value == null ? "NULL" : value).toList());
            assertNull(query.next());
        }
    }

    @Test
    void shouldRunSoManyQueriesAndNoMore() {
        List<RemoteQuery> open = new ArrayList<>();
        for (int i = 0; i < Queries.QUERIES_MAX; i++) {
            open.add(query("SELECT order_id FROM slow"));
        }

        assertEquals(ErrorCode.SERVER_BUSY, refusal("SELECT order_id FROM slow"));
        open.forEach(RemoteQuery::close);
        ServerExtension.await(() -> SERVER.server().queries().running().isEmpty());
        query("SELECT order_id FROM slow").close();
    }

    private RemoteQuery query(String sql) {
        return client.query(sql, Map.of());
    }

    private ErrorCode refusal(String sql) {
        return assertThrows(MillraceException.class, () -> query(sql).close()).code();
    }
}
