// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small plans over the orders workload, made by hand. */
final class TestPlans {
    private TestPlans() {}

    /** Order number and amount of every order, to the client. */
    static JobPlan copyToClient(long rows, int partitions) {
        Stage stage = stage(rows, null, partitions);
        return plan("", rows, stage, new Target.Client(stage.output(), ResultOrder.NONE));
    }

    /** Order number and amount of every order, to a table of a {@link MemoryTarget}. */
    static JobPlan copyToTable(String name, long rows, long rowsPerSecond, int partitions) {
        Stage stage = stage(rows, rowsPerSecond, partitions);
        TableDefinition target =
                new TableDefinition("target", stage.output(), List.of(), Map.of("connector", MemoryTarget.NAME));
        return plan(name, rows, stage, new Target.Table(target));
    }

    /** The same with rows spread by their number, under some options more. */
    static JobPlan copyByKey(String name, long rows, long rowsPerSecond, int partitions, Map<String, String> options) {
        JobPlan plan = copyToTable(name, rows, rowsPerSecond, partitions);
        Stage stage = plan.stages().getFirst();
        SourceInput input = (SourceInput) stage.inputs().getFirst();
        SourceInput keyed = new SourceInput(input.table(), input.columns(), input.eventTime(), true, input.steps(),
                new Exchange(Strategy.ALWAYS_HASH, List.of(0)));
        Map<String, String> all = new HashMap<>(plan.options());
        all.putAll(options);
        return new JobPlan(name, plan.sql(), List.of(new Stage(0, List.of(keyed), partitions, List.of())),
                plan.target(), false, all);
    }

    /** The same through a stage of some partitions to a stage of others, by the order number. */
    static JobPlan throughStages(String name, long rows, long rowsPerSecond, int from, int to) {
        List<Stage> stages = stages(rows, rowsPerSecond, from, to);
        TableDefinition target = new TableDefinition(
                "target", stages.getLast().output(), List.of(), Map.of("connector", MemoryTarget.NAME));
        return stagesPlan(name, rows, stages, new Target.Table(target));
    }

    /** The same to the client. */
    static JobPlan throughStagesToClient(long rows, int from, int to) {
        List<Stage> stages = stages(rows, null, from, to);
        return stagesPlan("", rows, stages, new Target.Client(stages.getLast().output(), ResultOrder.NONE));
    }

    private static List<Stage> stages(long rows, Long rowsPerSecond, int from, int to) {
        Stage read = stage(rows, rowsPerSecond, from);
        Stage first = new Stage(0, read.inputs(), from, List.of(), new Target.Stages(read.output()));
        Exchange exchange = to == 1 ? new Exchange(Strategy.FAN_IN, List.of())
                : new Exchange(Strategy.ALWAYS_HASH, List.of(0));
        return List.of(first, new Stage(1, List.of(new StageInput(0, read.output(), null, exchange)), to, List.of()));
    }

    private static JobPlan stagesPlan(String name, long rows, List<Stage> stages, Target target) {
        String sql = "SELECT order_id, total_amount FROM orders -- of " + rows + " through " + stages.size();
        return new JobPlan(name, sql, stages, target, false, Map.of("checkpoint.interval", "100 ms"));
    }

    /** Two stages with targets of their own over the same orders: all of them, and their customers. */
    static JobPlan statementSet(long rows) {
        Stage first = stage(rows, null, 3);
        SourceInput input = (SourceInput) first.inputs().getFirst();
        SourceInput customers = new SourceInput(
                input.table(),
                List.of(input.table().schema().indexOf("customer_id")),
                null,
                true,
                List.of(),
                new Exchange(Strategy.ALWAYS_HASH, List.of(0)));
        Stage second = new Stage(1, List.of(customers), 2, List.of());
        Target one = new Target.Table(new TableDefinition(
                "one", first.output(), List.of(), Map.of("connector", MemoryTarget.NAME)));
        Target two = new Target.Table(new TableDefinition(
                "two", second.output(), List.of(), Map.of("connector", MemoryTarget.NAME)));
        List<Stage> stages = List.of(
                new Stage(0, first.inputs(), 3, List.of(), one), new Stage(1, second.inputs(), 2, List.of(), two));
        return new JobPlan("set", "EXECUTE STATEMENT SET", stages, one, false, Map.of());
    }

    private static JobPlan plan(String name, long rows, Stage stage, Target target) {
        String sql = "SELECT order_id, total_amount FROM orders -- of " + rows;
        return new JobPlan(name, sql, List.of(stage), target, false, Map.of("checkpoint.interval", "100 ms"));
    }

    private static Stage stage(long rows, Long rowsPerSecond, int partitions) {
        Map<String, String> options = new HashMap<>(Map.of(
                "connector", "workload", "workload", "orders", "rows", String.valueOf(rows), "splits", "2"));
        if (rowsPerSecond != null) {
            options.put("rows-per-second", String.valueOf(rowsPerSecond));
        }
        TableDefinition table = new TableDefinition(
                "orders", new WorkloadConnector(System::nanoTime).fixedSchema(options), List.of(), options);
        SourceInput input = new SourceInput(
                table,
                List.of(table.schema().indexOf("order_id"), table.schema().indexOf("total_amount")),
                null,
                true,
                List.of(),
                new Exchange(Strategy.ROUND_ROBIN, List.of()));
        return new Stage(0, List.of(input), partitions, List.of());
    }
}
