// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/** The aggregate functions. NULL operands are not counted. */
public enum AggregateFunction {
    /** Rows, or rows whose operand is not NULL. */
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX
}
