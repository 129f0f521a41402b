// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Aggregate functions: their state per group in arrays, and the loops that update it. */
package dev.millrace.engine.operator.aggregate;
