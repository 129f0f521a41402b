// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Everything between a syntax tree and Calcite's relational algebra: types, functions, windows, checks, errors. */
package dev.millrace.planner.validate;
