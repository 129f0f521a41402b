// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/** The functions of OVER. NULL operands are not counted, except that LAG gives them as they are. */
public enum OverFunction {
    /** Rows of the frame, or those whose operand is not NULL. */
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX,
    /** The operand some rows before the current one. */
    LAG
}
