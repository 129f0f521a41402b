// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Schema;

/** Tells of groups whose row can't be given because a result is out of the range of its type. */
final class ResultErrors {
    private final Step.Aggregate step;
    private final int keyCount;
    private final RowErrors errors;

    ResultErrors(Step.Aggregate step, RowErrors errors) {
        this.step = step;
        this.errors = errors;
        keyCount = step.output().size() - step.aggregates().size();
    }

    /**
     * Tells of a row.
     *
     * @param position position of the row of the input that led to it, or -1
     * @param aggregate index of the aggregate that is out of range
     * @param columns the columns of the result, of which those before the aggregates are read
     */
    void add(long position, int aggregate, Vector[] columns, int row) {
        AggregateCall call = step.aggregates().get(aggregate);
        StringBuilder reason = new StringBuilder();
        reason.append(call.function()).append(" leaves the range of ").append(call.type());
        Schema output = step.output();
        for (int i = 0; i < keyCount; i++) {
            reason.append(i == 0 ? " in the group " : ", ").append(output.column(i).name()).append(" = ");
            ValueText.append(output.type(i), columns[i], row, reason);
        }
        errors.add(position, ErrorCode.OVERFLOW, reason.toString());
    }
}
