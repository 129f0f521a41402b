// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares two plans: stages by their targets, inputs by what they read, then the steps with state in each stage. */
final class UpgradeBuilder {
    private static final String POSITIONS = "positions";

    private final JobPlan before;
    private final JobPlan after;
    private final List<StateChange> changes = new ArrayList<>();
    private final List<StageUpgrade> stages = new ArrayList<>();

    /** Of a statement set, what stands before operators: which INSERT they are of. */
    private String insert = "";

    UpgradeBuilder(JobPlan before, JobPlan after) {
        this.before = before;
        this.after = after;
    }

    Upgrade build() {
        List<Stage> left = new ArrayList<>(before.stages());
        for (Stage stage : after.stages()) {
            startInsert(after, stage);
            Stage same = same(stage, left);
            if (same == null) {
                stages.add(newStage(stage));
            } else {
                left.remove(same);
                stages.add(stage(same, stage));
            }
        }
        left.forEach(this::lostStage);
        return new Upgrade(changes, stages);
    }

    private void startInsert(JobPlan plan, Stage stage) {
        boolean several = !isAlone(before) || !isAlone(after);
        insert = several ? table(plan.target(last(plan, stage))) + ": " : "";
    }

    /** Whether all rows of a plan go to one target. */
    private static boolean isAlone(JobPlan plan) {
        return plan.stages().stream().filter(stage -> plan.readers(stage).isEmpty()).count() == 1;
    }

    /** The stage from which what a stage gives leaves in the end. */
    private static Stage last(JobPlan plan, Stage stage) {
        List<Stage> readers = plan.readers(stage);
        return readers.isEmpty() ? stage : last(plan, readers.getFirst());
    }

    /** The stage before with the same place: if one target is all there is, whatever that is. */
    private Stage same(Stage stage, List<Stage> left) {
        boolean alone = isAlone(before) && isAlone(after);
        String place = place(after, stage, alone);
        return left.stream()
                .filter(other -> place != null && place.equals(place(before, other, alone)))
                .findFirst()
                .orElse(null);
    }

    /**
     * The place of a stage among those of its plan: the table that its rows get to, and on what way. Whether they are
     * brought into an order there does not matter to those that come before.
     */
    private static String place(JobPlan plan, Stage stage, boolean alone) {
        List<Stage> readers = plan.readers(stage);
        String table = alone ? "" : table(plan.target(last(plan, stage)));
        if (readers.isEmpty()) {
            return isMerger(stage) && table != null ? table + " in order" : table;
        }
        Stage reader = readers.getFirst();
        if (isMerger(reader)) {
            return table;
        }
        for (int i = 0; i < reader.inputs().size(); i++) {
            if (reader.inputs().get(i) instanceof StageInput read && read.stage() == stage.index()) {
                return place(plan, reader, alone) + " " + i;
            }
        }
        throw new IllegalStateException("no reader of stage " + stage.index());
    }

    /** Whether a stage does nothing but bring the output of another one into an order. */
    private static boolean isMerger(Stage stage) {
        return stage.readsStages() && stage.steps().stream().anyMatch(Step.Order.class::isInstance);
    }

    private static String table(Target target) {
        return target instanceof Target.Table(var table) ? table.name() : null;
    }

    private StageUpgrade newStage(Stage stage) {
        stage.inputs().forEach(input -> position(input, Fate.ADDED, "it is read from where its options say"));
        List<StatefulStep> steps = StatefulStep.of(after, stage, allInputs(stage));
        steps.forEach(this::added);
        return new StageUpgrade(
                stage.index(), StateMapping.NONE, stage.inputs().stream().map(_ -> StateMapping.NONE).toList(),
                steps.stream().<StateMapping>map(_ -> new StateMapping.Empty()).toList());
    }

    private void lostStage(Stage stage) {
        startInsert(before, stage);
        String reason = "there is no INSERT INTO this table any more";
        stage.inputs().forEach(input -> position(input, Fate.LOST, reason));
        StatefulStep.of(before, stage, allInputs(stage)).forEach(step -> lost(step, reason));
    }

    private StageUpgrade stage(Stage old, Stage now) {
        List<Integer> inputs = inputs(old, now);
        List<Integer> shared = new ArrayList<>();
        List<Integer> sharedBefore = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) != StateMapping.NONE) {
                shared.add(i);
                sharedBefore.add(inputs.get(i));
            }
        }
        if (shared.isEmpty()) {
            StatefulStep.of(before, old, allInputs(old)).forEach(step -> lost(step, "the query reads other tables"));
            List<StatefulStep> steps = StatefulStep.of(after, now, allInputs(now));
            steps.forEach(this::added);
            return new StageUpgrade(
                    now.index(), old.index(), inputs,
                    steps.stream().<StateMapping>map(_ -> new StateMapping.Empty()).toList());
        }
        List<Integer> exchange = now.inputs().getFirst().exchange().keys();
        List<Meaning> sent = StatefulStep.sent(after, now, shared);
        List<Meaning> routedBy = exchange.stream().map(sent::get).toList();
        List<StateMapping> operators =
                operators(
                        StatefulStep.of(before, old, sharedBefore), StatefulStep.of(after, now, shared), routedBy);
        return new StageUpgrade(now.index(), old.index(), inputs, operators);
    }

    private List<Integer> inputs(Stage old, Stage now) {
        List<Integer> left = new ArrayList<>(allInputs(old));
        List<Integer> found = new ArrayList<>();
        for (Input input : now.inputs()) {
            Integer same = left.stream()
                    .filter(i -> isSame(old.inputs().get(i), input))
                    .findFirst()
                    .orElse(null);
            left.remove(same);
            found.add(same == null ? StateMapping.NONE : same);
            position(input, same == null ? Fate.ADDED : Fate.KEPT,
                    same == null ? "it is read from where its options say" : null);
        }
        left.forEach(i -> position(old.inputs().get(i), Fate.LOST, "the query does not read it any more"));
        return found;
    }

    private static List<Integer> allInputs(Stage stage) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < stage.inputs().size(); i++) {
            all.add(i);
        }
        return all;
    }

    private static boolean isSame(Input one, Input other) {
        return one instanceof SourceInput source && other instanceof SourceInput same
                ? SourceIdentity.isSame(source.table(), same.table())
                : one instanceof StageInput && other instanceof StageInput;
    }

    /** Tells what becomes of the position in an input; those in the outputs of stages begin anew. */
    private void position(Input input, Fate fate, String reason) {
        if (input instanceof SourceInput source) {
            add("source " + source.table().name() + " (" + source.table().connector() + ")", POSITIONS, fate, reason);
        }
    }

    // ---- steps with state ----

    private List<StateMapping> operators(
            List<StatefulStep> olds, List<StatefulStep> news, List<Meaning> routedBy) {
        boolean[] used = new boolean[olds.size()];
        List<StateMapping> mappings = new ArrayList<>();
        for (StatefulStep step : news) {
            int found = StateMapping.NONE;
            for (int i = olds.size() - 1; i >= 0; i--) {
                found = !used[i] && olds.get(i).step().getClass() == step.step().getClass() ? i : found;
            }
            if (found == StateMapping.NONE) {
                added(step);
                mappings.add(new StateMapping.Empty());
            } else {
                used[found] = true;
                boolean changing = olds.getFirst().step() instanceof Step.Normalize;
                mappings.add(operator(
                        found, olds.get(found), step, routedBy, changing,
                        mappings.isEmpty() ? null : mappings.getFirst()));
            }
        }
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                lost(olds.get(i), "the query has no such operator any more");
            }
        }
        return mappings;
    }

    /**
     * @param changing whether the rows before came from a table of upserts
     * @param first where the first operator of the stage finds its state; null if this is the first
     */
    private StateMapping operator(
            int number, StatefulStep old, StatefulStep now, List<Meaning> routedBy, boolean changing,
            StateMapping first) {
        if (now.step() instanceof Step.Order order) {
            return waiting(number, old, now, order);
        }
        if (first instanceof StateMapping.Rows) {
            add(operator(now), "groups", Fate.KEPT, "computed again from the rows by key");
            return new StateMapping.Computed();
        }
        if (first != null || changing && old.step() instanceof Step.Aggregate) {
            return nothing(old, now, "the rows that it was computed from are lost");
        }
        List<Integer> keys = keys(old, now);
        if (keys == null) {
            return nothing(old, now, "the key was " + keyText(old) + " and is " + keyText(now));
        }
        List<Integer> routes = indexes(keyMeanings(now), routedBy);
        if (routes == null) {
            return nothing(old, now, "rows are routed by other columns than the key");
        }
        return switch (now.step()) {
            case Step.Aggregate aggregate -> groups(number, old, now, aggregate, keys, routes);
            case Step.Normalize normalize -> rows(number, old, now, normalize, keys, routes);
            case Step.Over over -> frames(number, old, now, over, keys, routes);
            default -> throw new IllegalStateException("a step without state");
        };
    }

    private StateMapping groups(
            int number, StatefulStep old, StatefulStep now, Step.Aggregate step, List<Integer> keys,
            List<Integer> routes) {
        Step.Aggregate oldStep = (Step.Aggregate) old.step();
        if (!Objects.equals(StateTexts.window(oldStep, old.columns()), StateTexts.window(step, now.columns()))) {
            return nothing(
                    old, now, "the window was " + StateTexts.windowShown(oldStep, old.columns()) + " and is "
                            + StateTexts.windowShown(step, now.columns()));
        }
        add(operator(now), step.window() == null ? "groups" : "open windows", Fate.KEPT, conditions(old, now));
        List<Meaning> olds = oldStep.aggregates().stream().map(call -> StateTexts.of(call, old.columns())).toList();
        List<Meaning> news = step.aggregates().stream().map(call -> StateTexts.of(call, now.columns())).toList();
        return new StateMapping.Groups(number, keys, routes, parts(now, olds, news));
    }

    private StateMapping rows(
            int number, StatefulStep old, StatefulStep now, Step.Normalize step, List<Integer> keys,
            List<Integer> routes) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < now.columns().size(); i++) {
            int found = indexOf(old.columns(), now.columns().get(i));
            if (found == StateMapping.NONE) {
                return nothing(old, now, "column " + now.columns().get(i).shown() + " was not kept");
            }
            columns.add(found);
        }
        add(operator(now), "rows", Fate.KEPT, null);
        return new StateMapping.Rows(number, keys, routes, columns);
    }

    private StateMapping frames(
            int number, StatefulStep old, StatefulStep now, Step.Over step, List<Integer> keys, List<Integer> routes) {
        Step.Over oldStep = (Step.Over) old.step();
        Meaning oldTime = old.columns().get(oldStep.timeColumn());
        Meaning time = now.columns().get(step.timeColumn());
        if (!oldTime.isSame(time)) {
            return nothing(old, now, "the order was by " + oldTime.shown() + " and is by " + time.shown());
        }
        List<Integer> columns = new ArrayList<>();
        String missing = null;
        for (Meaning column : now.columns()) {
            int found = indexOf(old.columns(), column);
            missing = found == StateMapping.NONE ? column.shown() : missing;
            columns.add(found);
        }
        if (missing == null) {
            add(operator(now), "waiting rows", Fate.KEPT, conditions(old, now));
        } else {
            columns.clear();
            add(operator(now), "waiting rows", Fate.LOST, "column " + missing + " was not kept");
        }
        List<Meaning> olds = oldStep.calls().stream().map(call -> StateTexts.of(call, old.columns())).toList();
        List<Meaning> news = step.calls().stream().map(call -> StateTexts.of(call, now.columns())).toList();
        return new StateMapping.Frames(number, keys, routes, columns, parts(now, olds, news));
    }

    private StateMapping waiting(int number, StatefulStep old, StatefulStep now, Step.Order step) {
        String oldTime = time(old);
        String time = time(now);
        if (!oldTime.equals(time)) {
            return nothing(old, now, "the order began with " + oldTime + " and begins with " + time);
        }
        List<Integer> columns = new ArrayList<>();
        for (Meaning column : now.columns()) {
            int found = indexOf(old.columns(), column);
            if (found == StateMapping.NONE) {
                return nothing(old, now, "column " + column.shown() + " was not kept");
            }
            columns.add(found);
        }
        add(operator(now), "waiting rows", Fate.KEPT, conditions(old, now));
        return new StateMapping.Waiting(number, columns);
    }

    private static String time(StatefulStep step) {
        Step.Order order = (Step.Order) step.step();
        return order.time() == null ? "no time" : step.columns().get(order.time().column()).shown();
    }

    /** Finds what an operator computes among what it computed before; tells of each. */
    private List<Integer> parts(StatefulStep now, List<Meaning> olds, List<Meaning> news) {
        List<Integer> found = new ArrayList<>();
        for (Meaning part : news) {
            int index = indexOf(olds, part);
            found.add(index);
            add(operator(now), part.shown(), index == StateMapping.NONE ? Fate.ADDED : Fate.KEPT,
                    index == StateMapping.NONE ? "it takes the rows from the savepoint on" : null);
        }
        for (Meaning part : olds) {
            if (indexOf(news, part) == StateMapping.NONE) {
                add(operator(now), part.shown(), Fate.DROPPED, "the query does not compute it any more");
            }
        }
        return found;
    }

    /** What one should know of rows that were taken under other conditions; null if they are the same. */
    private static String conditions(StatefulStep old, StatefulStep now) {
        List<String> oldTexts = old.conditions().stream().map(Meaning::exact).toList();
        if (oldTexts.equals(now.conditions().stream().map(Meaning::exact).toList())) {
            return null;
        }
        return "rows before the savepoint had passed " + conditionText(old) + ", later ones pass "
                + conditionText(now);
    }

    private static String conditionText(StatefulStep step) {
        String text = String.join(" AND ", step.conditions().stream().map(Meaning::shown).toList());
        return text.isEmpty() ? "no condition" : text;
    }

    /** By key, the same one before; null unless all are the same, in any order. */
    private static List<Integer> keys(StatefulStep old, StatefulStep now) {
        List<Meaning> olds = keyMeanings(old);
        List<Meaning> news = keyMeanings(now);
        return olds.size() == news.size() && indexes(news, olds) != null ? indexes(olds, news) : null;
    }

    /** Where each of some values stands; null unless all are there. */
    private static List<Integer> indexes(List<Meaning> among, List<Meaning> wanted) {
        List<Integer> indexes = wanted.stream().map(each -> indexOf(among, each)).toList();
        return indexes.contains(StateMapping.NONE) ? null : indexes;
    }

    private static int indexOf(List<Meaning> among, Meaning wanted) {
        for (int i = 0; i < among.size(); i++) {
            if (among.get(i).isSame(wanted)) {
                return i;
            }
        }
        return StateMapping.NONE;
    }

    private static List<Meaning> keyMeanings(StatefulStep step) {
        List<Integer> keys = switch (step.step()) {
            case Step.Aggregate aggregate -> aggregate.keys();
            case Step.Normalize normalize -> normalize.keys();
            case Step.Over over -> over.keys();
            case Step.Order order -> order.order().keys().stream().map(ResultOrder.Key::column).toList();
            default -> throw new IllegalStateException("a step without state");
        };
        return keys.stream().map(step.columns()::get).toList();
    }

    private static String keyText(StatefulStep step) {
        return "(" + String.join(", ", keyMeanings(step).stream().map(Meaning::shown).toList()) + ")";
    }

    /** The operator as EXPLAIN calls it. */
    private static String operator(StatefulStep step) {
        String keys = String.join(", ", keyMeanings(step).stream().map(Meaning::shown).toList());
        return switch (step.step()) {
            case Step.Aggregate _ -> "aggregate " + (keys.isEmpty() ? "all rows" : "by " + keys);
            case Step.Normalize _ -> "last row by " + keys;
            case Step.Over _ -> "over " + (keys.isEmpty() ? "all rows" : keys);
            case Step.Order _ -> "order by " + keys;
            default -> throw new IllegalStateException("a step without state");
        };
    }

    private StateMapping nothing(StatefulStep old, StatefulStep now, String reason) {
        lost(old, reason);
        added(now);
        return new StateMapping.Empty();
    }

    private void lost(StatefulStep step, String reason) {
        add(operator(step), StateTexts.all(step), Fate.LOST, reason);
    }

    private void added(StatefulStep step) {
        add(operator(step), StateTexts.all(step), Fate.ADDED, null);
    }

    private void add(String operator, String state, Fate fate, String reason) {
        changes.add(new StateChange(insert + operator, state, fate, reason));
    }
}
