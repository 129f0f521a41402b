// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.planner.translate.QueryPlan;
import java.util.Map;

/** A plan as a tree, from where results go down to where rows come from: for people, for programs, for Graphviz. */
public final class Explain {
    private final StringBuilder out = new StringBuilder();

    private Explain() {}

    /** The plan as text of several lines, without a line break at its end. */
    public static String text(QueryPlan query) {
        Explain explain = new Explain();
        if (query.inserts().isEmpty()) {
            explain.node(PlanTree.of(query), 0);
        } else {
            explain.line(0, "job " + query.plan().name() + ": " + query.inserts().size()
                    + " INSERTs side by side; a table that several of them read is read once");
            query.inserts().forEach(insert -> explain.out.append('\n').append(text(insert)).append('\n'));
        }
        return explain.out.toString().stripTrailing();
    }

    /** The plan as a JSON object of several lines, without a line break at its end. */
    public static String json(QueryPlan query) {
        return PlanJson.of(query);
    }

    /** The plan as a graph in Graphviz's language, without a line break at its end. */
    public static String dot(QueryPlan query) {
        return PlanDot.of(query);
    }

    private void node(PlanNode node, int depth) {
        line(depth, node.text());
        for (Map.Entry<String, String> detail : node.details().entrySet()) {
            line(depth + 1, PlanNode.line(detail));
        }
        boolean deeper = switch (node.kind()) {
            case TARGET, STAGE, EXCHANGE -> true;
            case ORDER, AGGREGATE, OVER, NORMALIZE, CHANGES, FILTER, PROJECT, SOURCE -> false;
        };
        node.inputs().forEach(input -> node(input, deeper ? depth + 1 : depth));
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }
}
