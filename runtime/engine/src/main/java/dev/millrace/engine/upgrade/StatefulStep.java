// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step that keeps state, and what comes to it.
 *
 * @param step the step
 * @param columns what the columns of its rows mean
 * @param conditions the filters that its rows have passed
 */
record StatefulStep(Step step, List<Meaning> columns, List<Meaning> conditions) {
    StatefulStep {
        columns = List.copyOf(columns);
        conditions = List.copyOf(conditions);
    }

    /** What the columns mean that are sent to a stage of a plan by some of its inputs. */
    static List<Meaning> sent(JobPlan plan, Stage stage, List<Integer> inputs) {
        List<Walk> walks = inputs.stream().map(input -> Walk.through(plan, stage.inputs().get(input))).toList();
        return merged(walks.stream().map(walk -> walk.columns).toList());
    }

    /**
     * The steps of a stage of a plan that keep state, in order.
     *
     * @param inputs the inputs that matter, at least one
     */
    static List<StatefulStep> of(JobPlan plan, Stage stage, List<Integer> inputs) {
        List<StatefulStep> steps = new ArrayList<>();
        walk(plan, stage, inputs, steps);
        return steps;
    }

    /** The way of rows through a stage; notes the steps that keep state. */
    private static Walk walk(JobPlan plan, Stage stage, List<Integer> inputs, List<StatefulStep> steps) {
        List<Walk> walks = inputs.stream().map(input -> Walk.through(plan, stage.inputs().get(input))).toList();
        Walk walk = new Walk(merged(walks.stream().map(each -> each.columns).toList()));
        List<String> exact = walks.stream()
                .map(each -> String.join(" AND ", each.conditions.stream().map(Meaning::exact).toList())).toList();
        List<Meaning> first = walks.getFirst().conditions;
        if (exact.stream().anyMatch(text -> !text.isEmpty())) {
            String shown = String.join(" AND ", first.stream().map(Meaning::shown).toList());
            walk.conditions.add(new Meaning(String.join(" | ", exact), shown));
        }
        for (Step step : stage.steps()) {
            switch (step) {
                case Step.Normalize normalize -> steps.add(walk.at(normalize));
                case Step.Aggregate aggregate -> {
                    steps.add(walk.at(aggregate));
                    walk.through(aggregate);
                }
                case Step.Over over -> {
                    steps.add(walk.at(over));
                    walk.through(over);
                }
                case Step.Order order -> steps.add(walk.at(order));
                default -> walk.take(step);
            }
        }
        return walk;
    }

    private static List<Meaning> merged(List<List<Meaning>> inputs) {
        return IntStream.range(0, inputs.getFirst().size())
                .mapToObj(column -> Meaning.ofAll(inputs.stream().map(columns -> columns.get(column)).toList()))
                .toList();
    }

    /** The way of rows through steps without state. */
    private static final class Walk {
        private List<Meaning> columns;
        private final List<Meaning> conditions = new ArrayList<>();

        Walk(List<Meaning> columns) {
            this.columns = columns;
        }

        static Walk through(JobPlan plan, Input input) {
            return switch (input) {
                case SourceInput source -> {
                    Walk walk = new Walk(
                            source.columns().stream().map(column -> Meaning.of(source.table(), column)).toList());
                    source.steps().forEach(walk::take);
                    yield walk;
                }
                case StageInput before -> {
                    Stage stage = plan.stage(before.stage());
                    List<Integer> all = IntStream.range(0, stage.inputs().size()).boxed().toList();
                    yield walk(plan, stage, all, new ArrayList<>());
                }
            };
        }

        void take(Step step) {
            switch (step) {
                case Step.Filter filter -> conditions.add(Meaning.of(filter.condition(), columns));
                case Step.Project project -> {
                    List<Meaning> before = columns;
                    columns = project.expressions().stream().map(value -> Meaning.of(value, before)).toList();
                }
                case Step.MatchUpdates match -> {
                    // Leaves columns and rows as they are.
                }
                default -> throw new IllegalStateException("a step with state among those without");
            }
        }

        /** Filters behind it are of its results. */
        void through(Step.Aggregate step) {
            List<Meaning> results = new ArrayList<>();
            if (step.window() != null) {
                String window = StateTexts.window(step, columns);
                results.add(new Meaning("start " + window, "window_start"));
                results.add(new Meaning("end " + window, "window_end"));
            }
            step.keys().forEach(key -> results.add(columns.get(key)));
            step.aggregates().forEach(call -> results.add(StateTexts.of(call, columns)));
            columns = results;
            conditions.clear();
        }

        void through(Step.Over step) {
            List<Meaning> results = new ArrayList<>(columns);
            step.calls().forEach(call -> results.add(StateTexts.of(call, columns)));
            columns = results;
        }

        StatefulStep at(Step step) {
            return new StatefulStep(step, columns, conditions);
        }
    }
}
