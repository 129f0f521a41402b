// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.type.SqlType;

/**
 * A value known not to be NULL, which can be put on the stack as often as needed.
 *
 * @param type its type
 * @param push emits the code that puts it there
 */
record Operand(SqlType type, Runnable push) {}
