// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import static dev.millrace.server.deploy.DeployedFiles.KUBERNETES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the manifests against the types of Kubernetes' API, and against each other. */
final class KubernetesManifestsTest {
    /** Refuses fields that the API doesn't know, and misses those that it needs, at every depth. */
    private interface Check {
        void accept(JsonElement manifest) throws IOException;
    }

    private static final Map<String, Check> CHECKS = Map.of(
            "v1/Namespace", V1Namespace::validateJsonElement,
            "v1/ConfigMap", V1ConfigMap::validateJsonElement,
            "v1/Secret", V1Secret::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private static final String SECRETS = "secrets.example.yaml";
    private static final String KUSTOMIZATION = "kustomization.yaml";

    private final JsonNode set = manifest("StatefulSet", "millrace");
    private final JsonNode pod = set.at("/spec/template/spec");
    private final JsonNode container = pod.at("/containers/0");

    @Test
    void shouldBeWhatTheApiTakes() throws IOException {
        for (JsonNode manifest : manifests()) {
            check(manifest);
        }
    }

    @Test
    void shouldBeCheckedSoThatAMistakeIsFound() {
        assertMistake("/spec", "replica", "3");
        assertMistake("/spec/template/spec/containers/0", "imagePullPolice", "Always");
        assertMistake("/spec/template/spec/containers/0/readinessProbe/httpGet", "uri", "/ready");
        ObjectNode nameless = set.deepCopy();
        ((ObjectNode) nameless.at("/spec/template/spec/containers/0")).remove("name");
        assertThrows(IllegalArgumentException.class, () -> check(nameless));
    }

    private void assertMistake(String place, String field, String value) {
        ObjectNode wrong = set.deepCopy();
        ((ObjectNode) wrong.at(place)).put(field, value);
        assertThrows(IllegalArgumentException.class, () -> check(wrong), field);
    }

    @Test
    void shouldApplyEveryFileButTheExampleOfSecrets() {
        List<String> applied =
                DeployedFiles.texts(DeployedFiles.yaml(KUBERNETES.resolve(KUSTOMIZATION)).get("resources"));
        Set<String> files = new HashSet<>(applied);
        files.addAll(List.of(SECRETS, KUSTOMIZATION));
        assertEquals(files, Set.copyOf(DeployedFiles.files(".yaml").stream()
                .filter(file -> file.startsWith(KUBERNETES)).map(Path::getFileName).map(Path::toString).toList()));
        for (JsonNode manifest : manifests()) {
            if (!manifest.get("kind").asText().equals("Namespace")) {
                assertEquals("millrace", manifest.at("/metadata/namespace").asText(), manifest.toString());
            }
        }
    }

    @Test
    void shouldSelectThePods() {
        JsonNode labels = set.at("/spec/template/metadata/labels");
        assertEquals(labels, set.at("/spec/selector/matchLabels"));
        assertEquals(labels, manifest("Service", "millrace").at("/spec/selector"));
        assertEquals(labels, manifest("Service", "millrace-nodes").at("/spec/selector"));
        assertEquals(labels, manifest("PodDisruptionBudget", "millrace").at("/spec/selector/matchLabels"));
        assertEquals(labels, manifest("NetworkPolicy", "millrace").at("/spec/podSelector/matchLabels"));
        // Else none would become ready, as each waits for the others.
        assertTrue(manifest("Service", "millrace-nodes").at("/spec/publishNotReadyAddresses").asBoolean());
        assertEquals("None", manifest("Service", "millrace-nodes").at("/spec/clusterIP").asText());
        assertEquals("millrace-nodes", set.at("/spec/serviceName").asText());
    }

    @Test
    void shouldNameOnlyWhatIsThere() {
        Set<String> ports = new HashSet<>();
        container.get("ports").forEach(port -> ports.add(port.get("name").asText()));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertTrue(ports.contains(container.at("/" + probe + "/httpGet/port").asText()), probe);
        }
        for (JsonNode manifest : manifests()) {
            manifest.findValues("targetPort").forEach(port -> assertTrue(ports.contains(port.asText())));
        }
        manifest("NetworkPolicy", "millrace").get("spec").findValuesAsText("port")
                .forEach(port -> assertTrue(ports.contains(port), port));

        Set<String> volumes = new HashSet<>();
        pod.get("volumes").forEach(volume -> volumes.add(volume.get("name").asText()));
        set.at("/spec/volumeClaimTemplates").forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
        container.get("volumeMounts").forEach(mount -> assertTrue(volumes.contains(mount.get("name").asText())));

        pod.findValuesAsText("secretName").forEach(name -> manifest("Secret", name));
        for (JsonNode key : pod.findValues("secretKeyRef")) {
            JsonNode data = manifest("Secret", key.get("name").asText()).get("stringData");
            assertTrue(data.has(key.get("key").asText()), key.toString());
        }
        for (JsonNode mount : container.get("volumeMounts")) {
            if (mount.get("name").asText().equals("config")) {
                assertTrue(manifest("ConfigMap", "millrace").get("data").has(mount.get("subPath").asText()));
            }
        }
    }

    @Test
    void shouldGiveANodeTheNameThatItsSeedsHave() {
        Config config = configuration();
        int port = config.getInt("millrace.port");
        List<String> pods = IntStream.range(0, set.at("/spec/replicas").asInt())
                .mapToObj(i -> "millrace-" + i + "." + set.at("/spec/serviceName").asText() + ":" + port)
                .toList();
        assertEquals(pods, config.getStringList("millrace.seeds"));
        assertTrue(DeployedFiles.texts(container.get("args")).contains("--host=$(POD_NAME).millrace-nodes"));
        assertEquals("metadata.name", container.at("/env/0/valueFrom/fieldRef/fieldPath").asText());

        assertEquals(port, portOf("cluster"));
        assertEquals(config.getInt("millrace.http"), portOf("http"));
        assertEquals("/etc/millrace/secrets/token", config.getString("millrace.token-file"));
    }

    @Test
    void shouldGiveANodeTimeToLeave() {
        // What a server takes at most, and the words behind it.
        assertTrue(pod.get("terminationGracePeriodSeconds").asInt() >= 75 + 5);
        assertEquals(1, manifest("PodDisruptionBudget", "millrace").at("/spec/maxUnavailable").asInt());
        assertEquals("RollingUpdate", set.at("/spec/updateStrategy/type").asText());
    }

    @Test
    void shouldRunAsTheUserOfTheImageWithNoRights() {
        JsonNode security = pod.get("securityContext");
        assertTrue(DeployedFiles.text(DeployedFiles.DOCKERFILE).contains(
                "\nUSER " + security.get("runAsUser").asInt() + ":" + security.get("runAsGroup").asInt() + "\n"));
        assertTrue(security.get("runAsNonRoot").asBoolean());
        assertTrue(container.at("/securityContext/readOnlyRootFilesystem").asBoolean());
        assertEquals("false", container.at("/securityContext/allowPrivilegeEscalation").asText());
        assertEquals(List.of("ALL"), DeployedFiles.texts(container.at("/securityContext/capabilities/drop")));
    }

    /** The configuration of the nodes. */
    static Config configuration() {
        return ConfigFactory.parseString(
                manifest("ConfigMap", "millrace").get("data").get("millrace.conf").asText()).resolve();
    }

    private int portOf(String name) {
        for (JsonNode port : container.get("ports")) {
            if (port.get("name").asText().equals(name)) {
                return port.get("containerPort").asInt();
            }
        }
        throw new AssertionError(name);
    }

    private static void check(JsonNode manifest) throws IOException {
        String kind = manifest.get("apiVersion").asText() + "/" + manifest.get("kind").asText();
        Check check = CHECKS.get(kind);
        assertTrue(check != null, "nobody checks a " + kind);
        check.accept(JsonParser.parseString(manifest.toString()));
    }

    private static List<JsonNode> manifests() {
        List<JsonNode> manifests = new ArrayList<>();
        for (Path file : DeployedFiles.files(".yaml")) {
            if (file.startsWith(KUBERNETES) && !file.endsWith(KUSTOMIZATION)) {
                manifests.addAll(DeployedFiles.yamls(file));
            }
        }
        return manifests;
    }

    /** The only manifest of this kind and name. */
    static JsonNode manifest(String kind, String name) {
        List<JsonNode> found = manifests().stream()
                .filter(manifest -> manifest.get("kind").asText().equals(kind)
                        && manifest.at("/metadata/name").asText().equals(name))
                .toList();
        assertEquals(1, found.size(), kind + " " + name);
        return found.getFirst();
    }
}
