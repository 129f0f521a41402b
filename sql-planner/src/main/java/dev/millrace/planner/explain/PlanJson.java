// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.engine.error.Secrets;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.planner.translate.QueryPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a plan as JSON: the job, and for each of its queries the tree of its parts. */
final class PlanJson {
    private final StringBuilder out = new StringBuilder();

    private PlanJson() {}

    static String of(QueryPlan query) {
        JobPlan plan = query.plan();
        List<QueryPlan> queries = query.inserts().isEmpty() ? List.of(query) : query.inserts();
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("job", plan.name());
        job.put("sql", Secrets.masked(plan.sql()));
        job.put("options", plan.options());
        job.put("bounded", plan.bounded());
        job.put("updating", plan.updating());
        job.put("plans", queries.stream().map(one -> tree(PlanTree.of(one))).toList());
        PlanJson json = new PlanJson();
        json.value(job, 0);
        return json.out.toString();
    }

    private static Map<String, Object> tree(PlanNode node) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("operator", node.kind().name().toLowerCase(Locale.ROOT));
        members.put("text", node.text());
        members.putAll(node.names());
        node.details().forEach((name, value) -> members.put(name.replace(' ', '_'), value));
        if (!node.inputs().isEmpty()) {
            members.put("inputs", node.inputs().stream().map(PlanJson::tree).toList());
        }
        return members;
    }

    private void value(Object value, int depth) {
        switch (value) {
            case Map<?, ?> members -> {
                String before = "{";
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    line(before, depth + 1);
                    string(member.getKey().toString());
                    out.append(": ");
                    value(member.getValue(), depth + 1);
                    before = ",";
                }
                close(members.isEmpty(), '{', '}', depth);
            }
            case List<?> items when items.stream().noneMatch(Map.class::isInstance) -> {
                out.append('[');
                for (int i = 0; i < items.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    value(items.get(i), depth);
                }
                out.append(']');
            }
            case List<?> items -> {
                String before = "[";
                for (Object item : items) {
                    line(before, depth + 1);
                    value(item, depth + 1);
                    before = ",";
                }
                close(items.isEmpty(), '[', ']', depth);
            }
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> string(value.toString());
        }
    }

    private void line(String before, int depth) {
        out.append(before).append('\n').append("  ".repeat(depth));
    }

    private void close(boolean empty, char opening, char closing, int depth) {
        if (empty) {
            out.append(opening).append(closing);
        } else {
            line("", depth);
            out.append(closing);
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
