// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One part of a plan, as it is shown, with the parts that its rows come from.
 *
 * @param kind what kind of part it is
 * @param text what it does, in one line
 * @param names what it names, for programs: text, numbers, booleans, lists of text
 * @param details more of what it does: what is told, by what it is told of, in order
 * @param inputs where its rows come from
 */
record PlanNode(Kind kind, String text, Map<String, Object> names, Map<String, String> details, List<PlanNode> inputs) {

    /** The kinds of parts, in the order in which a plan is shown. */
    enum Kind {
        TARGET,
        STAGE,
        ORDER,
        CHANGES,
        AGGREGATE,
        OVER,
        FILTER,
        PROJECT,
        NORMALIZE,
        EXCHANGE,
        SOURCE
    }

    PlanNode {
        names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        inputs = List.copyOf(inputs);
    }

    PlanNode(Kind kind, String text, List<PlanNode> inputs) {
        this(kind, text, Map.of(), Map.of(), inputs);
    }

    /** A detail as a line of text. */
    static String line(Map.Entry<String, String> detail) {
        return switch (detail.getKey()) {
            case "order by", "limit", "after" -> detail.getKey() + " " + detail.getValue();
            default -> detail.getKey() + ": " + detail.getValue();
        };
    }
}
