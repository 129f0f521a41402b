// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Aggregates whose rows can be taken out again. One object per group and aggregate: exact, not the fastest. */
package dev.millrace.engine.operator.aggregate.retract;
