// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What generated loops call: static functions over primitives and byte slices, grouped by theme.
 *
 * <p>A byte string travels as (data, start, length), a 128-bit decimal as (high, low). A function with a byte string or
 * a 128-bit decimal as its result, or whose result can be NULL, takes a holder for it as its last parameter; such a
 * function returns nothing, or false where its result is NULL. A holder belongs to one place in one loop, so its
 * content stays until that place is executed for the next row.
 */
package dev.millrace.engine.expression.function;
