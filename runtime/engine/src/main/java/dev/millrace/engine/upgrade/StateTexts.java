// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import java.util.List;
import java.util.stream.Collectors;

/** What the parts of an operator's state are, as texts that are equal where the state fits. */
final class StateTexts {
    private StateTexts() {}

    static Meaning of(AggregateCall call, List<Meaning> columns) {
        boolean extreme = call.function() == AggregateFunction.MIN || call.function() == AggregateFunction.MAX;
        // The least and the greatest are the same with and without duplicates.
        String distinct = call.distinct() && !extreme ? "DISTINCT " : "";
        boolean all = call.argument() == AggregateCall.NO_ARGUMENT;
        Meaning argument = all ? new Meaning("*", "*") : columns.get(call.argument());
        String type = all ? "" : Meaning.type(call.argumentType()) + ":" + Meaning.type(call.type());
        Meaning filter = call.filter() == AggregateCall.NO_FILTER ? null : columns.get(call.filter());
        return new Meaning(
                call.function() + "(" + distinct + argument.exact() + "):" + type
                        + (filter == null ? "" : " FILTER " + filter.exact()),
                call.function() + "(" + distinct + argument.shown() + ")"
                        + (filter == null ? "" : " FILTER (WHERE " + filter.shown() + ")"));
    }

    static Meaning of(OverCall call, List<Meaning> columns) {
        Meaning argument = call.argument() == OverCall.NO_ARGUMENT ? new Meaning("*", "*")
                : columns.get(call.argument());
        String frame = call.rows() == OverCall.UNBOUNDED ? " of all rows so far"
                : call.rows() == 1 ? " of the row" : " of the last " + call.rows() + " rows";
        String type = call.argument() == OverCall.NO_ARGUMENT ? ""
                : Meaning.type(call.argumentType()) + ":" + Meaning.type(call.type());
        String exact = call.function() + "(" + argument.exact() + "):" + type + " " + call.rows();
        return switch (call.function()) {
            case LAG -> new Meaning(exact, "LAG(" + argument.shown() + ", " + call.rows() + ")");
            case COUNT, SUM, AVG, MIN, MAX ->
                    new Meaning(exact, call.function() + "(" + argument.shown() + ")" + frame);
        };
    }

    /** The window of an aggregation; null without. How long it waits does not matter to what it holds. */
    static String window(Step.Aggregate step, List<Meaning> columns) {
        return switch (step.window()) {
            case null -> null;
            case Window.Tumbling tumbling -> "tumbling " + tumbling.sizeMillis() + " " + tumbling.offsetMillis() + " "
                    + columns.get(tumbling.timeColumn()).exact();
        };
    }

    static String windowShown(Step.Aggregate step, List<Meaning> columns) {
        return switch (step.window()) {
            case null -> "none";
            case Window.Tumbling tumbling -> "tumbling " + Durations.text(tumbling.sizeMillis()) + " on "
                    + columns.get(tumbling.timeColumn()).shown()
                    + (tumbling.offsetMillis() == 0 ? "" : " shifted by " + Durations.text(tumbling.offsetMillis()));
        };
    }

    /** All that a step keeps. */
    static String all(StatefulStep step) {
        return switch (step.step()) {
            case Step.Aggregate aggregate -> (aggregate.window() == null ? "groups" : "open windows")
                    + aggregate.aggregates().stream()
                            .map(call -> of(call, step.columns()).shown())
                            .collect(Collectors.joining(", ", aggregate.aggregates().isEmpty() ? "" : " of ", ""));
            case Step.Normalize _ -> "rows";
            case Step.Over over -> "waiting rows, " + over.calls().stream()
                    .map(call -> of(call, step.columns()).shown())
                    .collect(Collectors.joining(", "));
            case Step.Order _ -> "waiting rows";
            default -> throw new IllegalStateException("a step without state");
        };
    }
}
