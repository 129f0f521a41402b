// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.type.SqlType;

/** A scalar expression over the columns of one row. Immutable; equal if written the same. */
public sealed interface Expression permits ColumnReference, Literal, Call {
    /** The type of the result. */
    SqlType type();
}
