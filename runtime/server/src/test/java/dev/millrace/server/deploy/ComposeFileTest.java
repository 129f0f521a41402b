// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds docker-compose.yml against what it names. Its form is checked by docker-compose itself, in deploy/check. */
final class ComposeFileTest {
    private static final Path CONFIGURATION = DeployedFiles.ROOT.resolve("deploy/docker/millrace.conf");

    private final JsonNode compose = DeployedFiles.yaml(DeployedFiles.COMPOSE);
    private final JsonNode services = compose.get("services");

    @Test
    void shouldHaveThreeNodesAndWhatStandsAroundThem() {
        assertEquals(
                List.of("millrace-1", "millrace-2", "millrace-3", "kafka", "postgres", "prometheus", "grafana"),
                DeployedFiles.names(services));
        assertTrue(services.findValuesAsText("image").stream().allMatch(image -> image.contains(":")));
    }

    @Test
    void shouldNameOnlyWhatIsThere() {
        for (JsonNode service : services) {
            DeployedFiles.texts(service.path("secrets")).forEach(name -> assertTrue(compose.get("secrets").has(name)));
            for (String other : DeployedFiles.names(service.path("depends_on"))) {
                assertEquals("service_healthy", service.at("/depends_on/" + other + "/condition").asText());
                assertTrue(services.get(other).has("healthcheck"), other);
            }
            for (String volume : DeployedFiles.texts(service.path("volumes"))) {
                String source = volume.split(":")[0];
                assertTrue(
                        source.startsWith("./")
                                ? Files.exists(DeployedFiles.ROOT.resolve(source))
                                : compose.get("volumes").has(source),
                        volume);
            }
        }
        String made = DeployedFiles.text(DeployedFiles.ROOT.resolve("deploy/make-secrets"));
        for (JsonNode secret : compose.get("secrets")) {
            Path file = Path.of(secret.get("file").asText());
            assertEquals(Path.of("./deploy/secrets"), file.getParent());
            assertTrue(made.contains(file.getFileName().toString()), file.toString());
        }
    }

    @Test
    void shouldShowNothingToOtherMachines() {
        for (JsonNode service : services) {
            DeployedFiles.texts(service.path("ports"))
                    .forEach(port -> assertTrue(port.matches("127\\.0\\.0\\.1:\\d+:\\d+"), port));
        }
    }

    @Test
    void shouldGiveEveryNodeTheNameThatItsSeedsHave() {
        Config config = ConfigFactory.parseFile(CONFIGURATION.toFile()).resolve();
        List<String> seeds = new ArrayList<>();
        for (JsonNode node : nodes()) {
            String name = node.get("hostname").asText();
            assertTrue(DeployedFiles.texts(node.get("command")).contains("--host=" + name), name);
            assertEquals("90s", node.get("stop_grace_period").asText());
            seeds.add(name + ":" + config.getInt("millrace.port"));
        }
        assertEquals(seeds, config.getStringList("millrace.seeds"));
        assertEquals("/run/secrets/millrace-token", config.getString("millrace.token-file"));
        for (JsonNode node : nodes()) {
            assertTrue(node.at("/ports/0").asText().endsWith(":" + config.getInt("millrace.http")));
        }
    }

    @Test
    void shouldLetPrometheusAskEveryNodeWithTheToken() {
        JsonNode scrape = DeployedFiles.yaml(DeployedFiles.ROOT.resolve("deploy/prometheus/prometheus.yml"))
                .at("/scrape_configs/0");
        List<String> targets = nodes().stream().map(node -> node.get("hostname").asText() + ":8080").toList();
        assertEquals(targets, DeployedFiles.texts(scrape.at("/static_configs/0/targets")));
        assertEquals("/run/secrets/millrace-token", scrape.at("/authorization/credentials_file").asText());
        assertTrue(DeployedFiles.texts(services.at("/prometheus/secrets")).contains("millrace-token"));
        // "job" is a label of Millrace's metrics, too.
        assertTrue(scrape.get("honor_labels").asBoolean());
    }

    private List<JsonNode> nodes() {
        return DeployedFiles.names(services).stream()
                .filter(name -> name.startsWith("millrace-"))
                .map(services::get)
                .toList();
    }
}
