// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.server.CommandRun;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.StatementsAnswer;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Savepoints by HTTP, and by the commands that use it. */
@Tag("integration")
@Timeout(30)
final class SavepointsApiTest {
    @RegisterExtension
    static final ServerExtension SERVER = new ServerExtension();

    private static final String INSERT =
            "INSERT INTO counts SELECT customer_id, COUNT(*) FROM orders GROUP BY customer_id EMIT CHANGES";
    private static final String SAVEPOINTS = "/api/v1/jobs/counts/savepoints";

    private final MillraceClient client = SERVER.client();

    @BeforeEach
    void startAJob() {
        run("""
                CREATE TABLE IF NOT EXISTS orders (order_id BIGINT, customer_id BIGINT)
                  WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '2000');
                CREATE TABLE IF NOT EXISTS counts (customer_id BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
                """ + INSERT);
        ServerExtension.await(() -> rowsRead() > 0);
    }

    @AfterEach
    void dropAll() {
        client.savepoints("counts")
                .forEach(savepoint -> client.dropSavepoint("counts", savepoint.path("name").asText()));
        client.drop("counts");
        client.close();
    }

    @Test
    void shouldTakeListAndDropSavepoints() throws Exception {
        JsonNode taken = json(SERVER.post(SAVEPOINTS + "/by%20hand", null), 200);

        assertEquals("by hand", taken.path("name").asText());
        assertEquals("counts", taken.path("job").asText());
        assertEquals(2, taken.path("partitions").asLong());
        assertTrue(taken.path("bytes").asLong() > 0, taken::toString);
        assertEquals("running", client.job("counts").path("state").asText());
        assertEquals(taken, json(SERVER.get(SAVEPOINTS + "/by%20hand"), 200));
        client.createSavepoint("counts", "second");
        JsonNode listed = json(SERVER.get(SAVEPOINTS), 200).path("savepoints");
        assertEquals(List.of("second", "by hand"), listed.findValuesAsText("name"), "the newest first");

        client.dropSavepoint("counts", "by hand");

        assertEquals(List.of("second"), client.savepoints("counts").findValuesAsText("name"));
    }

    @Test
    void shouldRefuseWhatIsNotThereOrIsTwice() throws Exception {
        client.createSavepoint("counts", "once");

        assertEquals("MR-5023", code(SERVER.post(SAVEPOINTS + "/once", null), 400));
        assertEquals("MR-5022", code(SERVER.get(SAVEPOINTS + "/twice"), 404));
        assertEquals("MR-5004", code(SERVER.get("/api/v1/jobs/nobody/savepoints"), 404));
        assertEquals("MR-5004", code(SERVER.post("/api/v1/jobs/nobody/savepoints/a", null), 404));
        assertEquals("MR-6010", code(SERVER.post(SAVEPOINTS + "/a%2Fb", null), 400));
        assertEquals(405, SERVER.post(SAVEPOINTS, null).statusCode());
        assertEquals(404, SERVER.get("/api/v1/jobs/counts/splits/a").statusCode());
    }

    @Test
    void shouldStopWithASavepointAndGoOnFromItByCommands() {
        CommandRun stopped = command("stop", "counts", "--savepoint", "before");

        assertEquals(0, stopped.exitCode(), stopped.err());
        assertTrue(stopped.out().contains("stopped"), stopped.out());
        long rows = rowsRead();
        assertEquals("job \"counts\" runs", run("SET 'savepoint' = 'before'; SET 'partitions' = '3'; " + INSERT));
        ServerExtension.await(() -> rowsRead() > rows);
        assertEquals(3, client.job("counts").path("partitions").asLong());

        CommandRun listed = command("savepoint", "ls", "counts");
        assertTrue(listed.out().contains("before  "), listed.out());
        CommandRun dropped = command("savepoint", "drop", "counts", "before");
        assertEquals("savepoint \"counts/before\" dropped\n", dropped.err());
        assertEquals(0, client.savepoints("counts").size());
    }

    @Test
    void shouldAlterByCommand() throws Exception {
        CommandRun altered = command("alter", "counts", "--set", "partitions=5", "--json");

        assertEquals(0, altered.exitCode(), altered.err());
        assertEquals(5, new ObjectMapper().readTree(altered.out()).path("partitions").asLong());
        CommandRun taken = command("savepoint", "create", "counts", "five", "--json");
        assertEquals(5, new ObjectMapper().readTree(taken.out()).path("partitions").asLong(), taken.err());
    }

    @Test
    void shouldTellWhatIsWrongWithACommand() {
        assertTold(2, "MR-6001  create needs a NAME", "savepoint", "create", "counts");
        assertTold(2, "MR-6001  \"lst\" is not known\n  did you mean \"ls\"?", "savepoint", "lst", "counts");
        assertTold(2, "MR-6001  ls lists all savepoints", "savepoint", "ls", "counts", "a");
        assertTold(1, "MR-5022  savepoint \"counts/none\" not found", "savepoint", "drop", "counts", "none");
        assertTold(1, "MR-5004  job \"cuonts\" not found\n  did you mean \"counts\"?", "alter", "cuonts", "--set",
                "partitions=4");
        assertTold(2, "MR-6001  alter changes nothing", "alter", "counts");
        assertTold(2, "MR-2001  option 'partitoins' is not known", "alter", "counts", "--set", "partitoins=4");
        assertTold(2, "MR-2002  ", "alter", "counts", "--set", "partitions=it's");
    }

    private static void assertTold(int exitCode, String beginning, String... words) {
        CommandRun run = command(words);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().startsWith(beginning), run.err());
        run.assertNoStackTrace();
    }

    private static CommandRun command(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--server";
        all[words.length + 1] = SERVER.address();
        return CommandRun.of(all);
    }

    /** @return what the last statement came to */
    private String run(String script) {
        StatementsAnswer answer = client.statements(script, Map.of());
        assertEquals(List.of(), answer.errors());
        return answer.results().getLast().message();
    }

    private long rowsRead() {
        return client.job("counts").path("rows_read").asLong();
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertEquals(status, response.statusCode(), response.body());
        return new ObjectMapper().readTree(response.body());
    }

    private static String code(HttpResponse<String> response, int status) throws Exception {
        return json(response, status).path("errors").path(0).path("code").asText();
    }
}
