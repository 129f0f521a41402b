// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
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

    /** Order number and amount of every order, to a table of {@link CollectingSink}. */
    static JobPlan copyToTable(String name, long rows, long rowsPerSecond, int partitions) {
        Stage stage = stage(rows, rowsPerSecond, partitions);
        TableDefinition target =
                new TableDefinition("target", stage.output(), List.of(), Map.of("connector", CollectingSink.NAME));
        return plan(name, rows, stage, new Target.Table(target));
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
