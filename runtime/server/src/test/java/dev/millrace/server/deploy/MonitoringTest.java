// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules and dashboards speak of metrics that there are. That the rules are right shows promtool, in deploy/check. */
final class MonitoringTest {
    private static final Pattern METRIC = Pattern.compile("\\bmillrace_[a-z0-9_]+");
    private static final Path RULES = DeployedFiles.ROOT.resolve("deploy/prometheus/alerts.yml");
    private static final Path RULE_TESTS = DeployedFiles.ROOT.resolve("deploy/prometheus/alerts_test.yml");

    private final Set<String> known = metrics(DeployedFiles.text(
            DeployedFiles.ROOT.resolve("docs/reference/metrics.md")));

    @Test
    void shouldAlertOnMetricsThatThereAre() {
        Set<String> alerts = new HashSet<>();
        for (JsonNode rule : DeployedFiles.yaml(RULES).findValues("rules").stream()
                .flatMap(rules -> rules.valueStream()).toList()) {
            assertKnown(rule.get("expr").asText());
            assertTrue(List.of("critical", "warning").contains(rule.at("/labels/severity").asText()), rule.toString());
            assertFalse(rule.at("/annotations/summary").asText().isBlank(), rule.toString());
            assertFalse(rule.at("/annotations/description").asText().isBlank(), rule.toString());
            assertTrue(alerts.add(rule.get("alert").asText()), rule.toString());
        }
        assertEquals(alerts, Set.copyOf(DeployedFiles.yaml(RULE_TESTS).findValuesAsText("alertname")),
                "each rule has a test");
    }

    @Test
    void shouldShowMetricsThatThereAre() {
        String source = DeployedFiles.yaml(DeployedFiles.ROOT.resolve(
                "deploy/grafana/provisioning/datasources/prometheus.yml")).at("/datasources/0/uid").asText();
        List<Path> dashboards = DeployedFiles.files(".json");
        assertFalse(dashboards.isEmpty());
        for (Path file : dashboards) {
            JsonNode dashboard = DeployedFiles.json(file);
            Set<Integer> ids = new HashSet<>();
            for (JsonNode panel : dashboard.get("panels")) {
                assertTrue(ids.add(panel.get("id").asInt()), panel.toString());
                assertFalse(panel.get("title").asText().isBlank(), panel.toString());
                for (JsonNode target : panel.path("targets")) {
                    assertKnown(target.get("expr").asText());
                    assertEquals(source, panel.at("/datasource/uid").asText(), panel.toString());
                }
            }
            assertFalse(dashboard.get("uid").asText().isBlank());
        }
    }

    @Test
    void shouldReadEveryFileStrictly() {
        DeployedFiles.files(".yml", ".yaml").forEach(file -> assertFalse(DeployedFiles.yamls(file).isEmpty()));
    }

    private void assertKnown(String expression) {
        Set<String> unknown = metrics(expression);
        unknown.removeAll(known);
        assertEquals(Set.of(), unknown, expression);
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(found -> found.group())
                .collect(Collectors.toCollection(HashSet::new));
    }
}
