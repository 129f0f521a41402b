// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import dev.millrace.checkpointing.codec.KryoRegistrar;
import dev.millrace.checkpointing.codec.KryoRegistrations;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.EventTime;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.TimeColumn;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;

/** The engine's classes that are stored or sent: types, expressions, plans, batches. */
public final class PlanRegistrations implements KryoRegistrations {
    @Override
    public void register(KryoRegistrar registrar) {
        registrar.add(200, SqlType.class);
        registrar.add(201, TypeKind.class);
        registrar.add(202, Column.class);
        registrar.add(203, Schema.class);

        registrar.add(220, ColumnReference.class);
        registrar.add(221, Literal.class);
        registrar.add(222, Call.class);
        registrar.add(223, Operation.class);

        registrar.add(240, JobPlan.class);
        registrar.add(241, Stage.class);
        registrar.add(242, SourceInput.class);
        registrar.add(243, TableDefinition.class);
        registrar.add(244, EventTime.class);
        registrar.add(245, Exchange.class);
        registrar.add(246, Strategy.class);
        registrar.add(247, Emit.class);
        registrar.add(248, AggregateCall.class);
        registrar.add(249, AggregateFunction.class);
        registrar.add(250, Step.Filter.class);
        registrar.add(251, Step.Project.class);
        registrar.add(252, Step.Aggregate.class);
        registrar.add(253, Window.Tumbling.class);
        registrar.add(254, Target.Table.class);
        registrar.add(255, Target.Client.class);
        registrar.add(256, ResultOrder.class);
        registrar.add(257, ResultOrder.Key.class);
        registrar.add(258, Split.class);
        registrar.add(259, ErrorCode.class);
        registrar.add(260, Step.Normalize.class);
        registrar.add(261, Step.MatchUpdates.class);
        registrar.add(262, Step.Over.class);
        registrar.add(263, OverCall.class);
        registrar.add(264, OverFunction.class);
        registrar.add(265, StateTtl.class);
        registrar.add(266, StateTtl.Refresh.class);
        registrar.add(267, StageInput.class);
        registrar.add(268, TimeColumn.class);
        registrar.add(269, Target.Stages.class);
        registrar.add(270, Step.Order.class);
        registrar.add(272, PreAggregation.class);

        registrar.add(280, Batch.class, new BatchSerializer());
        registrar.add(281, BadRecord.class);
    }
}
