// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.planner.translate.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Draws a plan in Graphviz's language: rows go along the arrows, a stage is a frame around its operators and its
 * target.
 */
final class PlanDot {
    private final StringBuilder out = new StringBuilder();
    private final List<String> edges = new ArrayList<>();
    private int nodes;

    private PlanDot() {}

    static String of(QueryPlan query) {
        PlanDot dot = new PlanDot();
        dot.line(0, "digraph " + quoted(query.plan().name().isEmpty() ? "SELECT" : query.plan().name()) + " {");
        dot.line(1, "rankdir=BT");
        dot.line(1, "node [shape=box, fontname=\"monospace\"]");
        for (QueryPlan one : query.inserts().isEmpty() ? List.of(query) : query.inserts()) {
            dot.target(PlanTree.of(one));
        }
        dot.edges.forEach(edge -> dot.line(1, edge));
        return dot.out.append('}').toString();
    }

    private void target(PlanNode target) {
        for (PlanNode stage : target.inputs()) {
            stage(stage, () -> node(2, target, ""), null);
        }
    }

    /**
     * A stage, and what is below it.
     *
     * @param next where its rows go; a stage that writes its results has the target in its frame, since one without
     *     operators would be empty
     * @param label of the way there, or null
     */
    private void stage(PlanNode stage, Supplier<String> next, String label) {
        line(1, "subgraph " + quoted("cluster_" + stage.names().get("stage")) + " {");
        line(2, "label=" + quoted(stage.text()));
        String to = next.get();
        List<Exchange> exchanges = new ArrayList<>();
        stage.inputs().forEach(input -> inStage(input, to, label, exchanges));
        line(1, "}");
        exchanges.forEach(exchange -> below(exchange.node().inputs(), exchange.to(), exchange.node().text()));
    }

    /** An exchange, and what it leads to. */
    private record Exchange(PlanNode node, String to) {}

    private void inStage(PlanNode node, String to, String label, List<Exchange> exchanges) {
        if (node.kind() == PlanNode.Kind.EXCHANGE) {
            exchanges.add(new Exchange(node, to));
            return;
        }
        String name = node(2, node, "");
        edge(name, to, label);
        node.inputs().forEach(input -> inStage(input, name, null, exchanges));
    }

    private void below(List<PlanNode> inputs, String to, String label) {
        for (PlanNode input : inputs) {
            if (input.kind() == PlanNode.Kind.STAGE) {
                stage(input, () -> to, label);
                continue;
            }
            String name = node(1, input, input.kind() == PlanNode.Kind.SOURCE ? ", shape=cylinder" : "");
            edge(name, to, label);
            below(input.inputs(), name, null);
        }
    }

    private void edge(String from, String to, String label) {
        edges.add(from + " -> " + to + (label == null ? "" : " [label=" + quoted(label) + "]"));
    }

    private String node(int depth, PlanNode node, String attributes) {
        String name = "n" + nodes++;
        StringBuilder label = new StringBuilder(node.text());
        for (Map.Entry<String, String> detail : node.details().entrySet()) {
            label.append('\n').append(PlanNode.line(detail));
        }
        line(depth, name + " [label=" + quoted(label.toString()) + attributes + "]");
        return name;
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }

    /** With lines that start at the left. */
    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + (escaped.contains("\n") ? escaped.replace("\n", "\\l") + "\\l" : escaped) + '"';
    }
}
