// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Makes hidden classes from expressions: one class with one loop for each column of a projection or each filter, and for
 * each combination of "with a selection or without" and "with NULLs or without". Nothing generated is ever stored.
 */
package dev.millrace.engine.expression.compile;
