// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.expression.Expression;

/**
 * The event time of a source: WATERMARK FOR column AS expression.
 *
 * @param rowTime the time column, over the columns decoded: TIMESTAMP or TIMESTAMP_LTZ
 * @param watermark the WATERMARK expression, of the same type: no later row of the split is expected below it
 */
public record EventTime(Expression rowTime, Expression watermark) {}
