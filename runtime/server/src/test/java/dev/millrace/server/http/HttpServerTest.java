// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.server.client.MillraceClient;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("cluster")
@Timeout(30)
final class HttpServerTest {
    @RegisterExtension
    static final ServerExtension SERVER = new ServerExtension();

    private static final Pattern SAMPLE = Pattern.compile(
            "([a-z_]+)(\\{(?:[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\",?)*\\})? (-?[0-9.E+]+|NaN|[+-]Inf)");

    @Test
    void shouldBeHealthy() throws Exception {
        HttpResponse<String> response = SERVER.get("/health");

        assertEquals(200, response.statusCode());
        assertEquals("{\"status\":\"up\",\"version\":\"millrace test\"}\n", response.body());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void shouldTellWhatIsWrongWithARequest() throws Exception {
        assertError(404, "MR-6010", SERVER.get("/api/v1/nothing"));
        assertError(404, "MR-6010", SERVER.get("/"));
        assertError(404, "MR-5004", SERVER.get("/api/v1/jobs/none%20such"));
        assertError(405, "MR-6010", SERVER.get("/api/v1/query"));
        assertError(405, "MR-6010", SERVER.post("/api/v1/jobs", "{}"));
        assertError(400, "MR-6010", SERVER.post("/api/v1/query", "SELECT 1"));
        assertError(400, "MR-6010", SERVER.post("/api/v1/statements", "{\"query\": \"SELECT 1\"}"));
        assertError(400, "MR-2001", SERVER.post("/api/v1/query", "{\"sql\": \"VALUES (1)\", \"options\": {\"a\": 1}}"));
    }

    @Test
    void shouldBoundTheSizeOfABody() throws Exception {
        String body = "{\"sql\": \"" + " ".repeat((int) Router.BODY_BYTES_MAX) + "\"}";

        assertError(413, "MR-6010", SERVER.post("/api/v1/statements", body));
    }

    @Test
    void shouldRefusePagesOfOtherOrigins() throws Exception {
        assertError(403, "MR-6011", SERVER.get("/api/v1/jobs", "Origin", "http://evil.example"));
        assertError(403, "MR-6011", SERVER.get("/health", "Origin", "null"));
        assertError(403, "MR-6011", SERVER.post("/api/v1/query", "{}", "Origin", "http://localhost:1"));
        assertError(403, "MR-6011", SERVER.get("/health", "Sec-Fetch-Site", "cross-site"));

        assertEquals(200, SERVER.get("/health", "Origin", SERVER.address()).statusCode());
    }

    @Test
    void shouldTellPrometheusOfJobsAndPartitions() throws Exception {
        try (MillraceClient client = SERVER.client()) {
            client.statements(
                    """
                            CREATE TABLE metric_in (order_id BIGINT, order_time TIMESTAMP(3), WATERMARK FOR order_time AS order_time)
                              WITH ('connector' = 'workload', 'workload' = 'orders', 'rows' = '1000', 'rows-per-second' = '1000');
                            CREATE TABLE metric_out (order_id BIGINT) WITH ('connector' = 'blackhole');
                            SET 'job.name' = 'with "quotes"';
                            INSERT INTO metric_out SELECT order_id FROM metric_in;
                            """,
                    Map.of());
            ServerExtension.await(() -> client.job("with \"quotes\"").path("state").asText().equals("finished"));
        }

        HttpResponse<String> response = SERVER.get("/metrics");

        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"));
        Map<String, Double> samples = parse(response.body());
        String job = "job=\"with \\\"quotes\\\"\"";
        assertEquals(1, samples.get("millrace_job_state{" + job + ",state=\"finished\"}"));
        assertEquals(0, samples.get("millrace_job_state{" + job + ",state=\"running\"}"));
        double read = 0;
        for (int partition = 0; partition < 2; partition++) {
            String labels = "{" + job + ",partition=\"" + partition + "\",stage=\"0\"}";
            read += samples.get("millrace_partition_rows_read_total" + labels);
            assertTrue(samples.containsKey("millrace_partition_state_bytes" + labels), response.body());
            assertEquals(0, samples.get("millrace_partition_detached_lanes" + labels));
            String healthy = labels.replace("}", ",state=\"healthy\"}");
            assertEquals(1, samples.get("millrace_partition_backpressure" + healthy), response.body());
        }
        assertEquals(1000, read);
        assertEquals(0, samples.get("millrace_queries"));
    }

    /** The samples by name and labels; fails at a line that is not of the text format. */
    private static Map<String, Double> parse(String page) {
        Map<String, Double> samples = new HashMap<>();
        for (String line : page.lines().filter(line -> !line.startsWith("#")).toList()) {
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(sample.matches(), line);
            String name = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
            samples.put(name, Double.valueOf(sample.group(3)));
        }
        return samples;
    }

    private static void assertError(int status, String code, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response.body());
        JsonNode error = new ObjectMapper().readTree(response.body()).path("errors").path(0);
        assertEquals(code, error.path("code").asText(), response.body());
        assertTrue(error.path("text").asText().startsWith(code + "  "), response.body());
    }
}
