// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.status.NodeReadiness;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node says of itself to those who send it work. Each test has a server of its own, which it ends. */
@Tag("cluster")
@Timeout(30)
final class ReadinessTest {
    @RegisterExtension
    final ServerExtension server = new ServerExtension();

    @RegisterExtension
    final ServerExtension starting = new ServerExtension().keptShut();

    @Test
    void shouldTakeNothingMoreOnceItIsAboutToLeave() throws Exception {
        ServerExtension.await(() -> server.status("/ready") == 200);
        assertEquals("{\"status\":\"ready\"}\n", server.get("/ready").body());

        server.server().leave();

        HttpResponse<String> ready = server.get("/ready");
        assertEquals(503, ready.statusCode());
        assertEquals("{\"status\":\"leaving\",\"reason\":\"the node leaves its cluster\"}\n", ready.body());
        HttpResponse<String> refused = server.post("/api/v1/statements", "{\"sql\": \"SHOW TABLES\"}");
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("MR-6017"), refused.body());
        // Who watches it leave still sees it.
        assertEquals(200, server.status("/alive"));
        assertEquals(200, server.status("/api/v1/jobs"));
        assertEquals(200, server.status("/metrics"));
    }

    @Test
    void shouldAnswerProbesBeforeItTakesWork() throws Exception {
        assertEquals(200, starting.status("/alive"));
        ServerExtension.await(() -> now(starting) == NodeReadiness.READY);
        assertEquals(503, starting.status("/ready"));
        assertTrue(starting.get("/ready").body().startsWith("{\"status\":\"starting\""));
        HttpResponse<String> refused = starting.get("/api/v1/jobs");
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("MR-6017"), refused.body());
    }

    @Test
    void shouldNotBeReadyOnceItHasLeftItsCluster() {
        ServerExtension.await(() -> now(server) == NodeReadiness.READY);

        Cluster cluster = Cluster.get(server.node().system());
        cluster.manager().tell(new Leave(cluster.selfMember().address()));

        ServerExtension.await(() -> now(server) == NodeReadiness.LEAVING);
    }

    private static NodeReadiness now(ServerExtension extension) {
        return extension.node().readiness(Duration.ofSeconds(2)).toCompletableFuture().join();
    }
}
