// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;

/** Asks the embedded cluster's REST endpoint about a job. */
final class Rest {
    static final int PORT = 18081;

    private Rest() {}

    static void configure(Configuration conf) {
        conf.setString("rest.port", String.valueOf(PORT));
        conf.setString("web.refresh-interval", "10"); // the endpoint caches job states this long; 3 s by default
    }

    /** Returns when every task of the job runs (or has run). */
    static void awaitRunning(String job) throws Exception {
        for (;;) {
            String json = get("/jobs/" + job);
            int vertices = json.indexOf("\"vertices\":[");
            if (vertices >= 0) {
                String v = json.substring(vertices,
                        json.indexOf("\"plan\"") > vertices ? json.indexOf("\"plan\"") : json.length());
                if (!v.contains("\"status\":\"CREATED\"") && !v.contains("\"status\":\"SCHEDULED\"")
                        && !v.contains("\"status\":\"DEPLOYING\"") && !v.contains("\"status\":\"INITIALIZING\"")
                        && (v.contains("\"status\":\"RUNNING\"") || v.contains("\"status\":\"FINISHED\"")))
                    return;
            }
            Thread.sleep(5);
        }
    }

    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    static String get(String path) throws InterruptedException {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + path)).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }
}
