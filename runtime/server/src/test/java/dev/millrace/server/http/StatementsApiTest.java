// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.StatementResult;
import dev.millrace.server.client.StatementsAnswer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("cluster")
@Timeout(30)
final class StatementsApiTest {
    @RegisterExtension
    static final ServerExtension SERVER = new ServerExtension();

    private final MillraceClient client = SERVER.client();

    @Test
    void shouldAnswerEveryStatementOfAScript() {
        StatementsAnswer answer = run("""
                CREATE TABLE all_in (order_id BIGINT, status STRING)
                  WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '1000');
                CREATE VIEW all_view AS SELECT status FROM all_in;
                CREATE TABLE all_out (status STRING, n BIGINT) WITH ('connector' = 'blackhole');
                SET 'checkpoint.interval' = '200 ms';
                EXPLAIN SELECT status FROM all_in;
                DESCRIBE all_in;
                INSERT INTO all_out SELECT status, COUNT(*) FROM all_view GROUP BY status EMIT FINAL;
                SELECT status FROM all_view;
                """);

        assertEquals(List.of(), answer.errors());
        assertEquals(
                List.of(
                        StatementResult.Kind.DONE, StatementResult.Kind.DONE, StatementResult.Kind.DONE,
                        StatementResult.Kind.DONE, StatementResult.Kind.TEXT, StatementResult.Kind.ROWS,
                        StatementResult.Kind.JOB, StatementResult.Kind.QUERY),
                answer.results().stream().map(StatementResult::kind).toList());
        assertEquals("table \"all_in\" created", answer.results().get(0).message());
        assertTrue(answer.results().get(4).text().contains("workload"), answer.results().get(4).text());
        assertEquals(List.of("order_id", "BIGINT", ""), answer.results().get(5).rows().getFirst().values());
        assertEquals("all_out", answer.results().get(6).job());
        assertEquals("200 ms", answer.options().get("checkpoint.interval"));
        await("all_out", "finished");
        assertEquals(1000, client.job("all_out").path("rows_read").asLong());
    }

    @Test
    void shouldTellAllErrorsWithTheirPlacesAndDoNothing() throws Exception {
        String script = "CREATE TABLE never (a BIGINT) WITH ('connector' = 'blackhole');\nSELECT b FROM never;\nSELEC";

        HttpResponse<String> response = SERVER.post("/api/v1/statements", body(script));

        assertEquals(400, response.statusCode());
        JsonNode error = new ObjectMapper().readTree(response.body()).path("errors").path(0);
        assertEquals("MR-1001", error.path("code").asText());
        assertEquals(3, error.path("line").asInt());
        assertTrue(error.path("text").asText().contains("^^^^^"), response.body());
        assertFalse(response.body().contains("Exception"), response.body());
        assertFalse(tables().contains("never"));

        StatementsAnswer planned = run(script.substring(0, script.lastIndexOf('\n')));

        MillraceException missing = planned.errors().getFirst();
        assertEquals(ErrorCode.COLUMN_NOT_FOUND, missing.code());
        assertEquals(2, missing.span().line());
        assertEquals("did you mean \"a\"? columns of never: a", missing.hint());
        assertFalse(tables().contains("never"));
    }

    @Test
    void shouldShareTablesButNoOptionsBetweenRequests() {
        run("SET 'checkpoint.interval' = '5 s'; CREATE TABLE shared (a BIGINT) WITH ('connector' = 'blackhole')");

        StatementsAnswer next = run("SET; DESCRIBE shared");

        assertEquals(List.of("partitions", "2"), next.results().getFirst().rows().getFirst().values());
        assertEquals(1, next.results().getFirst().rows().size());
        assertEquals(List.of(), next.errors());
        run("DROP TABLE shared");
        assertEquals(ErrorCode.TABLE_NOT_FOUND, run("DESCRIBE shared").errors().getFirst().code());
    }

    @Test
    void shouldForgetTemporaryTablesWithTheirScript() {
        StatementsAnswer answer = run("""
                CREATE TEMPORARY TABLE passing (a BIGINT) WITH ('connector' = 'blackhole');
                DESCRIBE passing;
                DROP TABLE passing;
                CREATE TEMPORARY TABLE passing (b BIGINT) WITH ('connector' = 'blackhole');
                """);

        assertEquals(List.of(), answer.errors());
        assertFalse(tables().contains("passing"));
    }

    @Test
    void shouldRefuseAViewThatOutlivesTheTableItReads() {
        StatementsAnswer answer = run("""
                CREATE TEMPORARY TABLE brief (a BIGINT) WITH ('connector' = 'blackhole');
                CREATE VIEW lasting AS SELECT a FROM brief;
                """);

        assertEquals(ErrorCode.TABLE_NOT_FOUND, answer.errors().getFirst().code());
        assertFalse(tables().contains("lasting"));
    }

    @Test
    void shouldGoOnWithTheJobOfAStatementThatCameBeforeAndNumberOthers() {
        run("""
                CREATE TABLE again_in (order_id BIGINT)
                  WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '100');
                CREATE TABLE again_out (order_id BIGINT) WITH ('connector' = 'blackhole');
                """);
        String insert = "INSERT INTO again_out SELECT order_id FROM again_in";

        assertEquals("again_out", run(insert).results().getFirst().job());
        StatementResult same = run(insert).results().getFirst();
        StatementResult other = run(insert + " WHERE order_id > 5").results().getFirst();

        assertEquals("again_out", same.job());
        assertEquals("job \"again_out\" runs", same.message());
        assertEquals("again_out-2", other.job());
        client.drop("again_out");
        client.drop("again_out-2");
    }

    @Test
    void shouldTellOfAJobThatCannotStart() {
        StatementsAnswer answer = run("""
                CREATE TABLE lost_in (a BIGINT)
                  WITH ('connector' = 'filesystem', 'path' = '/no/such/file.json', 'format' = 'json');
                CREATE TABLE lost_out (a BIGINT) WITH ('connector' = 'blackhole');
                INSERT INTO lost_out SELECT a FROM lost_in;
                """);

        assertEquals(ErrorCode.FILE_NOT_FOUND, answer.errors().getFirst().code());
        assertEquals(4, answer.errors().getFirst().span().line());
        assertEquals("job \"lost_out\" has failed", answer.results().getLast().message());
    }

    @Test
    void shouldSteerJobs() {
        run("""
                CREATE TABLE steer_in (order_id BIGINT)
                  WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '1000');
                CREATE TABLE steer_out (order_id BIGINT) WITH ('connector' = 'blackhole');
                INSERT INTO steer_out SELECT order_id FROM steer_in;
                """);

        client.pause("steer_out");
        assertEquals("paused", state("steer_out"));
        client.resume("steer_out");
        ServerExtension.await(() -> state("steer_out").equals("running"));
        client.stop("steer_out");
        assertEquals("stopped", state("steer_out"));
        assertEquals(List.of("stopped", "stopped"), client.partitions("steer_out").findValuesAsText("state"));
        assertEquals(List.of("0", "0"), client.partitions("steer_out").findValuesAsText("restarts"));
        client.drop("steer_out");

        MillraceException gone = assertThrows(MillraceException.class, () -> client.job("steer_out"));
        assertEquals(ErrorCode.JOB_NOT_FOUND, gone.code());
        assertNull(gone.span());
    }

    private StatementsAnswer run(String script) {
        return client.statements(script, Map.of());
    }

    private String tables() {
        return client.tables().toString();
    }

    private String state(String job) {
        return client.job(job).path("state").asText();
    }

    private void await(String job, String state) {
        ServerExtension.await(() -> state(job).equals(state));
    }

    private static String body(String sql) {
        return new ObjectMapper().createObjectNode().put("sql", sql).toString();
    }
}
